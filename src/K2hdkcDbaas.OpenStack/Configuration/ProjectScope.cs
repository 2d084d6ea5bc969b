namespace K2hdkcDbaas.OpenStack.Configuration;

/// <summary>The project a token is for.</summary>
public sealed record ProjectScope
{
    /// <summary>The project's id; needs no domain.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The project's name; needs a domain.</summary>
    public string? ProjectName { get; init; }

    /// <summary>The id of the project's domain.</summary>
    public string? DomainId { get; init; }

    /// <summary>The name of the project's domain.</summary>
    public string? DomainName { get; init; }
}
