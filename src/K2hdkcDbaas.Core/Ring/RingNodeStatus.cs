using K2hdkcDbaas.Client.Control;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Core.Ring;

/// <summary>A server node as its own control port and the rest of the ring tell it.</summary>
/// <param name="Name">Its name in the ring.</param>
/// <param name="Control">The address of its control port.</param>
public sealed record RingNodeStatus(string Name, HostPort Control)
{
    /// <summary>The ring's name; null when no node answered.</summary>
    public string? Ring { get; init; }

    /// <summary>What the node says of itself; null when it does not answer.</summary>
    public NodeSelfStatus? Self { get; init; }

    /// <summary>What the ring says of it; null when nobody answered.</summary>
    public ServerRecord? Record { get; init; }

    /// <summary>Its program version; null when it does not answer.</summary>
    public string? Version { get; init; }

    /// <summary>Why it does not answer; null when it does.</summary>
    public DbaasException? Fault { get; init; }

    /// <summary>Its status: its own word, else the ring's; null when nobody answered.</summary>
    public NodeStatus? Status => Self?.Status ?? Record?.Status;
}
