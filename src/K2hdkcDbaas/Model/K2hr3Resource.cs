namespace K2hdkcDbaas.Model;

/// <summary>A K2HR3 resource: text and keys that roles may read.</summary>
/// <param name="Name">Its name in the tenant, such as <c>demo/server</c>.</param>
/// <param name="Text">Its text: a template, or what it expands to; null for none.</param>
/// <param name="Keys">Its keys with their values.</param>
/// <param name="Aliases">The full names of resources that it takes more from.</param>
/// <param name="Expanded">Whether the text is expanded and the keys hold the parents', too.</param>
public sealed record K2hr3Resource(string Name, string? Text, IReadOnlyDictionary<string, object?> Keys, IReadOnlyList<string> Aliases,
    bool Expanded)
{
    /// <summary>Its object as JSON, when it has one in place of a text; null for none.</summary>
    public string? Data { get; init; }

    /// <summary>The service that lends it; null for the tenant's own.</summary>
    public string? Service { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
