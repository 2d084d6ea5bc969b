using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Model;

/// <summary>A ring as a whole.</summary>
public sealed class K2hdkcRingStatus
{
    /// <summary>What the connection was opened with.</summary>
    public required string Connection { get; init; }

    /// <summary>The ring's name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the client is connected to the ring's servers.</summary>
    public ClientState State { get; init; }

    /// <summary>Whether data is being moved between servers.</summary>
    public bool IsMerging { get; init; }

    /// <summary>How keys are spread.</summary>
    public DeliveryMode DeliveryMode { get; init; }

    /// <summary>Copies of a key beside the first.</summary>
    public int Replicas { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Name} ({State}{(IsMerging ? ", merging" : "")}, {DeliveryMode}, {Replicas} {(Replicas == 1 ? "replica" : "replicas")})";
}
