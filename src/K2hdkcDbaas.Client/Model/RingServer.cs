using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Client.Model;

/// <summary>One server of a snapshot.</summary>
/// <param name="Record">What the ring says of it.</param>
/// <param name="IsConnected">Whether this client has a connection to it.</param>
public sealed record RingServer(ServerRecord Record, bool IsConnected);
