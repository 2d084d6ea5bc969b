namespace K2hdkcDbaas.OpenStack.Trove;

/// <summary>An instance to be made.</summary>
public sealed record NewDatabaseInstance
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its flavor's id.</summary>
    public required string FlavorId { get; init; }

    /// <summary>Its volume, GiB.</summary>
    public required int VolumeSize { get; init; }

    /// <summary>The volume's type; null for the cloud's own choice.</summary>
    public string? VolumeType { get; init; }

    /// <summary>Its networks.</summary>
    public IReadOnlyList<DatabaseNic>? Nics { get; init; }

    /// <summary>What it runs.</summary>
    public required DatastoreReference Datastore { get; init; }

    /// <summary>The id of its configuration group; with it the node joins that cluster.</summary>
    public string? ConfigurationId { get; init; }

    /// <summary>The id of the backup it is restored from.</summary>
    public string? BackupId { get; init; }

    /// <summary>Its availability zone.</summary>
    public string? AvailabilityZone { get; init; }

    /// <summary><c>affinity</c> or <c>anti-affinity</c>.</summary>
    public string? Locality { get; init; }
}
