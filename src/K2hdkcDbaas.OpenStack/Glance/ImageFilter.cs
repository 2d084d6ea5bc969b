namespace K2hdkcDbaas.OpenStack.Glance;

/// <summary>Which images to list.</summary>
public sealed record ImageFilter
{
    /// <summary>The exact name; null for all.</summary>
    public string? Name { get; init; }

    /// <summary>The status; null for all.</summary>
    public string? Status { get; init; }

    /// <summary>The id of the owning project; null for all that can be seen.</summary>
    public string? Owner { get; init; }

    /// <summary>Properties that the image must have, with exactly these values.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();
}
