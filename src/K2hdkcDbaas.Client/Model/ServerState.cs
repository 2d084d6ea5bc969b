using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Client.Model;

/// <summary>The state of one server's store, or why it is not known.</summary>
/// <param name="Name">The server's host name.</param>
/// <param name="Id">Its id.</param>
/// <param name="State">The state; null when it could not be read.</param>
/// <param name="Fault">Why it could not be read; null when it was.</param>
public sealed record ServerState(string Name, ulong Id, NodeState? State, DbaasException? Fault)
{
    /// <summary>What the ring says of the server; null where the transport does not tell (native).</summary>
    public ServerRecord? Record { get; init; }
}
