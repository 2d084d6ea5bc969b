namespace K2hdkcDbaas.K2hr3;

/// <summary>A user's name and password, as K2HR3 knows them.</summary>
/// <param name="UserName">The user's name.</param>
/// <param name="Password">The password.</param>
public sealed record K2hr3PasswordCredential(string UserName, string Password) : K2hr3Credential
{
    /// <inheritdoc/>
    public override string ToString() => $"password of {UserName} for tenant {Tenant ?? "(none)"}";
}
