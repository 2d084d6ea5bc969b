namespace K2hdkcDbaas.OpenStack.Trove;

/// <summary>A version of a datastore.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
public sealed record DatastoreVersion(string Id, string Name)
{
    /// <summary>Its number.</summary>
    public string? Version { get; init; }
}
