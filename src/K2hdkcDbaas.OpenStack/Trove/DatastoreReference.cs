namespace K2hdkcDbaas.OpenStack.Trove;

/// <summary>Which datastore something is of.</summary>
/// <param name="Type">The datastore's name, such as <c>k2hdkc</c>.</param>
public sealed record DatastoreReference(string Type)
{
    /// <summary>The version's name.</summary>
    public string? Version { get; init; }

    /// <summary>The version's number; where Trove tells it.</summary>
    public string? VersionNumber { get; init; }
}
