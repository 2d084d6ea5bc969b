namespace K2hdkcDbaas.Core.Model;

/// <summary>One node of a cluster: a Nova server, or a Trove instance.</summary>
public sealed record ClusterNode
{
    /// <summary>The cluster it belongs to.</summary>
    public required string Cluster { get; init; }

    /// <summary>What it does there.</summary>
    public required NodeRole Role { get; init; }

    /// <summary>The Nova or Trove name; where only K2HR3 knows the node, the first label of its tag.</summary>
    public required string Name { get; init; }

    /// <summary>The Nova server's or Trove instance's id; null when only K2HR3 knows the node and gave no cuk.</summary>
    public string? Id { get; init; }

    /// <summary>The custom unique key under which it is registered; on OpenStack the server's id. Null while not registered.</summary>
    public string? Cuk { get; init; }

    /// <summary>Its address in the ring; null as long as neither Nova nor K2HR3 knows one.</summary>
    public string? IPAddress { get; init; }

    /// <summary>The guest's fully qualified name, as it registered itself; null while not registered.</summary>
    public string? Tag { get; init; }

    /// <summary>
    /// The service's status: <c>ACTIVE</c>, <c>BUILD</c>, <c>ERROR</c> and so on; <c>DELETING</c> until it is quite gone; <c>GONE</c> for a
    /// role host whose server no longer exists; <c>EXTERNAL</c> for one that registered itself from a host of which Nova knows nothing.
    /// Null when not asked.
    /// </summary>
    public string? Status { get; init; }

    /// <summary>The service's fault message for a failed node; null otherwise.</summary>
    public string? Fault { get; init; }

    /// <summary>Whether it is a host of its K2HR3 role (Trove: a member of its cluster).</summary>
    public bool Registered { get; init; }

    /// <summary>
    /// Whether Kubernetes counts its pod as ready: a server is in service then, and moves no data. Null where nodes are no pods.
    /// </summary>
    public bool? Ready { get; init; }

    /// <summary>Its flavor's name or id; null when not asked.</summary>
    public string? Flavor { get; init; }

    /// <summary>Its image's id; null when not asked or booted from a volume.</summary>
    public string? Image { get; init; }

    /// <summary>When the server was made, in UTC; null when not asked.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>What <see cref="Status"/> comes to.</summary>
    internal NodeHealth Health => Status?.ToUpperInvariant() switch
    {
        "RUNNING" when Ready == false => NodeHealth.Changing,
        null or "ACTIVE" or "HEALTHY" or "RUNNING" or "RESTART_REQUIRED" or "BACKUP" or "EXTERNAL" => NodeHealth.Running,
        "ERROR" or "FAILED" or "GONE" => NodeHealth.Failed,
        "SHUTOFF" or "SHUTDOWN" or "PAUSED" or "SUSPENDED" or "SHELVED" or "SHELVED_OFFLOADED" or "RESCUE" => NodeHealth.Stopped,
        _ => NodeHealth.Changing,
    };

    /// <inheritdoc/>
    public override string ToString() => Name;
}
