namespace K2hdkcDbaas.Core.Model;

/// <summary>The TCP ports of a cluster's chmpx processes; the defaults are those of the existing DBaaS tools.</summary>
public sealed record ClusterPorts
{
    /// <summary>Where server nodes speak to each other and to slaves (<c>chmpx-server-port</c>).</summary>
    public int Server { get; init; } = 8020;

    /// <summary>The server nodes' control port (<c>chmpx-server-ctlport</c>).</summary>
    public int ServerControl { get; init; } = 8021;

    /// <summary>The slave nodes' control port (<c>chmpx-slave-ctlport</c>).</summary>
    public int SlaveControl { get; init; } = 8031;

    /// <inheritdoc/>
    public override string ToString() => $"{Server}, control {ServerControl}; slaves {SlaveControl}";
}
