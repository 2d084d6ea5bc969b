namespace K2hdkcDbaas.OpenStack.Trove;

/// <summary>A cluster to be made.</summary>
public sealed record NewDatabaseCluster
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it runs.</summary>
    public required DatastoreReference Datastore { get; init; }

    /// <summary>Its members.</summary>
    public required IReadOnlyList<NewClusterMember> Members { get; init; }

    /// <summary>The id of its configuration group.</summary>
    public string? ConfigurationId { get; init; }

    /// <summary><c>affinity</c> or <c>anti-affinity</c>.</summary>
    public string? Locality { get; init; }
}
