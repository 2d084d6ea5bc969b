using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Sessions;

namespace K2hdkcDbaas.Sessions;

/// <summary>An open way to a ring's data as users see it.</summary>
public sealed class K2hdkcConnection
{
    internal K2hdkcConnection(DataConnection inner, IDbaasSession? session) => (Inner, Session) = (inner, session?.Name);

    /// <summary>What it was opened with: the cluster's name, the file's path, or the server.</summary>
    public string Name => Inner.Source.Name;

    /// <summary>The ring's name.</summary>
    public string Ring => Inner.Configuration.Group;

    /// <summary>The session that found the cluster; null for a file or a server.</summary>
    public string? Session { get; }

    /// <summary>Managed or native.</summary>
    public K2hdkcTransport Transport => Inner.Client.Transport;

    /// <summary>Whether the ring's servers are connected now.</summary>
    public ClientState State => Inner.IsClosed ? ClientState.Closed : Inner.Client.Ring.State;

    /// <summary>How many servers the ring has.</summary>
    public int ServerCount => Inner.Client.Ring.Servers.Count;

    /// <summary>Copies of a key beside the first.</summary>
    public int Replicas => Inner.Configuration.Replicas;

    /// <summary>The address under which this host was put into the cluster's slave role; null when it was not.</summary>
    public string? RegisteredAddress => Inner.Registration?.Address;

    /// <summary>The custom unique key of that registration; null without one.</summary>
    public string? RegisteredCuk => Inner.Registration?.Cuk;

    /// <summary>Why the ring's configuration could not be read the last time; null when it could.</summary>
    public string? FollowFault => Inner.FollowFault?.Message;

    internal DataConnection Inner { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
