namespace K2hdkcDbaas.OpenStack.Trove;

/// <summary>A member to be made. All members of a cluster must be alike in flavor and volume.</summary>
public sealed record NewClusterMember
{
    /// <summary>Its name; null for CLUSTER-member-N.</summary>
    public string? Name { get; init; }

    /// <summary>Its flavor's id.</summary>
    public required string FlavorId { get; init; }

    /// <summary>Its volume, GiB.</summary>
    public required int VolumeSize { get; init; }

    /// <summary>The volume's type.</summary>
    public string? VolumeType { get; init; }

    /// <summary>Its networks.</summary>
    public IReadOnlyList<DatabaseNic>? Nics { get; init; }

    /// <summary>Its availability zone.</summary>
    public string? AvailabilityZone { get; init; }
}
