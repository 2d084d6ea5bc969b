using System.Net;

namespace K2hdkcDbaas.Sandbox.Nodes;

/// <summary>A node to start, as the services inside a guest see it.</summary>
public sealed record NodeDescription
{
    /// <summary>Name of the cluster; nodes with the same name and GROUP form one ring.</summary>
    public required string Cluster { get; init; }

    /// <summary>
    /// The chmpx configuration (INI, or JSON, or YAML) as the guest wrote it, with <c>__SELF_INSTANCE_ID__</c> already replaced.
    /// </summary>
    public required string Configuration { get; init; }

    /// <summary>The node's custom unique key; on OpenStack the instance id.</summary>
    public string Cuk { get; init; } = "";

    /// <summary>Loopback address that its two ports are opened on; also selects its own entry in the configuration.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Id of the server or instance that it runs in; one node each.</summary>
    public required string InstanceId { get; init; }

    /// <summary>What it runs.</summary>
    public NodeRole Role { get; init; }

    /// <summary>
    /// How long after chmpx its store attaches to it; until then the ring takes it for suspended. Some 70 ms where both start at once.
    /// </summary>
    public TimeSpan AttachTime { get; init; } = TimeSpan.FromMilliseconds(70);

    /// <summary>Data to start with, as <see cref="INode.SnapshotAsync"/> made it; empty starts blank.</summary>
    public ReadOnlyMemory<byte> Snapshot { get; init; }
}
