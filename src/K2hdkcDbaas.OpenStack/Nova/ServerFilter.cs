namespace K2hdkcDbaas.OpenStack.Nova;

/// <summary>Which servers to list.</summary>
public sealed record ServerFilter
{
    /// <summary>The exact name; null for all.</summary>
    public string? Name { get; init; }

    /// <summary>The status, such as ACTIVE; null for all.</summary>
    public string? Status { get; init; }
}
