using K2hdkcDbaas.Client;

namespace K2hdkcDbaas.Core.Data;

/// <summary>How a ring's data is reached.</summary>
public sealed record DataConnectionOptions
{
    /// <summary>Over which transport, as who, how patiently; where the ring is comes from its source.</summary>
    public K2hdkcClientOptions Client { get; init; } = new();

    /// <summary>Puts this host into the cluster's slave role for as long as the connection is open. Only for clusters.</summary>
    public bool Register { get; init; }

    /// <summary>How long a registered host waits until the servers have read their new configuration and let it in.</summary>
    public TimeSpan AdmissionTimeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How often the ring's source is read again, so that the connection outlives the replacement of every server.</summary>
    public TimeSpan FollowInterval { get; init; } = TimeSpan.FromSeconds(30);
}
