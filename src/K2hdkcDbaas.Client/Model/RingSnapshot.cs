using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Client.Model;

/// <summary>The ring as a client knew it at one moment.</summary>
/// <param name="Group">The ring's name.</param>
/// <param name="State">What the client is doing.</param>
/// <param name="Servers">The servers in ring order.</param>
public sealed record RingSnapshot(string Group, ClientState State, IReadOnlyList<RingServer> Servers)
{
    /// <summary>How keys are spread.</summary>
    public DeliveryMode DeliveryMode { get; init; }

    /// <summary>Copies of a key beside the first.</summary>
    public int Replicas { get; init; }

    /// <summary>Data is being moved between servers.</summary>
    public bool IsMerging { get; init; }

    /// <summary>This client's id in the ring; 0 for the native client.</summary>
    public ulong ClientId { get; init; }
}
