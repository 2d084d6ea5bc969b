using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Client.Managed;

/// <summary>
/// The ring as calls are routed by it, and the open connection of each server. Replaced as a whole, so that a call reads it without a lock.
/// </summary>
internal sealed class RoutingTable(RingState ring, IReadOnlyDictionary<ulong, ServerConnection> connections)
{
    public RingState Ring { get; } = ring;

    public IReadOnlyDictionary<ulong, ServerConnection> Connections { get; } = connections;

    /// <summary>The connection that a command with this hash goes over; null when no server can serve it now.</summary>
    public ServerConnection? Route(ulong hash, uint turn) =>
        Ring.Route(hash, turn) is { } target && Connections.TryGetValue(target.Id, out var connection) && connection.IsOpen
            ? connection
            : null;

    /// <summary>The connection of a server in service that has the hash, other than a certain one; null when there is none.</summary>
    public ServerConnection? RouteAround(ulong hash, ulong avoided)
    {
        if (Ring.Mode == DeliveryMode.Random) return null;
        foreach (var owner in Ring.Owners(hash))
        {
            if (owner.Id != avoided && owner.Status is { CanAnswer: true, TakesRoutedKeys: true }
                && Connections.TryGetValue(owner.Id, out var connection) && connection.IsOpen)
                return connection;
        }

        return null;
    }
}
