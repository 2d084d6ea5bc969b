namespace K2hdkcDbaas.Model;

/// <summary>What Nova is given for a node that enters a role by itself. It leads to the role token, so it is a secret.</summary>
/// <param name="Role">The role's name.</param>
/// <param name="Value">cloud-init's include, or the whole user data: a SecureString, or a string when plain text was asked for.</param>
/// <param name="Expires">When the token in it ends, in UTC.</param>
public sealed record K2hr3UserData(string Role, object Value, DateTimeOffset? Expires)
{
    /// <inheritdoc/>
    public override string ToString() => $"user data of {Role}";
}
