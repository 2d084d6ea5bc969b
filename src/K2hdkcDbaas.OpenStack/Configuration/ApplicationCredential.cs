namespace K2hdkcDbaas.OpenStack.Configuration;

/// <summary>An application credential: bound to one user and project.</summary>
public sealed record ApplicationCredential : CloudCredential
{
    /// <inheritdoc/>
    public override string Kind => "application credential";

    /// <summary>Its id; needs no user.</summary>
    public string? Id { get; init; }

    /// <summary>Its name; needs the user.</summary>
    public string? Name { get; init; }

    /// <summary>The id of the user it belongs to.</summary>
    public string? UserId { get; init; }

    /// <summary>The name of the user it belongs to; needs a domain.</summary>
    public string? UserName { get; init; }

    /// <summary>The id of that user's domain.</summary>
    public string? DomainId { get; init; }

    /// <summary>The name of that user's domain.</summary>
    public string? DomainName { get; init; }

    /// <summary>Its secret.</summary>
    public required string Secret { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"application credential {Name ?? Id}";
}
