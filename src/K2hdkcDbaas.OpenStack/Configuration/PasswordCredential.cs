namespace K2hdkcDbaas.OpenStack.Configuration;

/// <summary>A user's name or id, and password.</summary>
public sealed record PasswordCredential : CloudCredential
{
    /// <inheritdoc/>
    public override string Kind => "password";

    /// <summary>The user's id; needs no domain.</summary>
    public string? UserId { get; init; }

    /// <summary>The user's name; needs a domain.</summary>
    public string? UserName { get; init; }

    /// <summary>The id of the user's domain.</summary>
    public string? DomainId { get; init; }

    /// <summary>The name of the user's domain.</summary>
    public string? DomainName { get; init; }

    /// <summary>The password.</summary>
    public required string Password { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"password of {UserName ?? UserId}";
}
