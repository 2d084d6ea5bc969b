using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Sessions;

/// <summary>What a connection was opened for; a second command for the same thing shares it.</summary>
/// <param name="Session">The session that found the cluster; null for files and servers.</param>
/// <param name="Target">The cluster, file or server.</param>
/// <param name="Transport">The transport asked for.</param>
internal readonly record struct ConnectionKey(IDbaasSession? Session, string Target, K2hdkcTransport Transport);

/// <summary>The open data connections of one runspace. They are closed with it, and with their session.</summary>
internal sealed class ConnectionTable
{
    /// <summary>The error id of working with data without saying whose.</summary>
    public const string NotConnected = "NotConnectedToCluster";

    private static readonly ConditionalWeakTable<Runspace, ConnectionTable> Tables = [];
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(6);

    private readonly Lock _lock = new();
    private readonly List<(ConnectionKey Key, K2hdkcConnection Connection)> _open = [];
    private K2hdkcConnection? _current;

    /// <summary>The table of the runspace that runs on this thread.</summary>
    public static ConnectionTable Here => Tables.GetValue(Runspace.DefaultRunspace, Make);

    /// <summary>
    /// The connection that commands use when they are told nothing: the one made last by Connect-K2hdkcCluster; null when there is none.
    /// </summary>
    public K2hdkcConnection? Current
    {
        get
        {
            lock (_lock) return _current;
        }
    }

    /// <summary>All open connections, the oldest first.</summary>
    public IReadOnlyList<K2hdkcConnection> All
    {
        get
        {
            lock (_lock) return [.. _open.Select(o => o.Connection)];
        }
    }

    /// <summary>Finds the connection for a target.</summary>
    public K2hdkcConnection? Find(ConnectionKey key)
    {
        lock (_lock) return _open.Find(o => o.Key == key && !o.Connection.Inner.IsClosed).Connection;
    }

    /// <summary>What an open connection is for; null when it is none of this runspace's.</summary>
    public ConnectionKey? KeyOf(K2hdkcConnection connection)
    {
        lock (_lock)
        {
            foreach (var (key, open) in _open)
                if (open == connection) return key;
            return null;
        }
    }

    /// <summary>Adds a connection.</summary>
    /// <param name="key">What it is for.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="makeCurrent">Whether commands use it when they are told nothing.</param>
    /// <returns>The one that it replaces, for the caller to close; null when there was none.</returns>
    public K2hdkcConnection? Add(ConnectionKey key, K2hdkcConnection connection, bool makeCurrent)
    {
        lock (_lock)
        {
            var former = _open.Find(o => o.Key == key).Connection;
            _open.RemoveAll(o => o.Connection == former);
            _open.Add((key, connection));
            if (makeCurrent || _current == former) _current = makeCurrent ? connection : _current is null ? null : connection;
            return former;
        }
    }

    /// <summary>Takes a connection out; the caller closes it.</summary>
    public void Remove(K2hdkcConnection connection)
    {
        lock (_lock)
        {
            _open.RemoveAll(o => o.Connection == connection);
            if (_current == connection) _current = null;
        }
    }

    /// <summary>Closes all connections that a session has found.</summary>
    public async Task CloseOfAsync(IDbaasSession session)
    {
        K2hdkcConnection[] found;
        lock (_lock) found = [.. _open.Where(o => o.Key.Session == session).Select(o => o.Connection)];
        await CloseAsync(found).ConfigureAwait(false);
    }

    /// <summary>The fault of not saying whose data is meant.</summary>
    public static DbaasException NothingMeant() => new(
        ErrorKind.InvalidInput, NotConnected, "No cluster is given, and none is connected in this runspace.",
        "Give -Cluster, -ConfigurationPath or -Server, or connect first with Connect-K2hdkcCluster.");

    private static ConnectionTable Make(Runspace runspace)
    {
        var table = new ConnectionTable();
        runspace.StateChanged += (_, change) =>
        {
            // A registered host must leave its role before the process ends.
            if (change.RunspaceStateInfo.State is RunspaceState.Closing or RunspaceState.Closed or RunspaceState.Broken)
                table.CloseAsync(table.All).Wait(GoodbyeLimit);
        };
        return table;
    }

    private async Task CloseAsync(IEnumerable<K2hdkcConnection> connections)
    {
        foreach (var connection in connections)
        {
            Remove(connection);
            try
            {
                await connection.Inner.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is DbaasException or OperationCanceledException)
            {
                // The runspace or session that could be told of it is going.
            }
        }
    }
}
