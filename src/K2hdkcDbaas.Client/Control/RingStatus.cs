using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Client.Control;

/// <summary>All servers of a ring as one node knows them.</summary>
/// <param name="Group">The ring's name.</param>
/// <param name="Servers">The servers, as records; what the text leaves out is empty. Ids are not told and are 0.</param>
public sealed record RingStatus(string Group, IReadOnlyList<ServerRecord> Servers);
