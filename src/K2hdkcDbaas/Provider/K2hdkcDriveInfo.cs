using System.Management.Automation;
using K2hdkcDbaas.Sessions;

namespace K2hdkcDbaas.Provider;

/// <summary>A drive over a ring's keys.</summary>
public sealed class K2hdkcDriveInfo : PSDriveInfo
{
    private readonly ConnectionTable _table;
    private readonly ConnectionKey? _ring;
    private static readonly TimeSpan SilencePause = TimeSpan.FromSeconds(1);

    private K2hdkcConnection _connection;
    private long _silentSince;

    internal K2hdkcDriveInfo(PSDriveInfo drive, K2hdkcConnection connection, ConnectionTable table)
        : base(drive) => (_connection, _table, _ring) = (connection, table, table.KeyOf(connection));

    /// <summary>
    /// The connection to the ring, shared with the commands. When another one takes its place, as after Connect-K2hdkcCluster, it is that
    /// one.
    /// </summary>
    public K2hdkcConnection Connection
    {
        get
        {
            if (_connection.Inner.IsClosed && _ring is { } ring && _table.Find(ring) is { } next) _connection = next;
            return _connection;
        }
    }

    /// <summary>Whether a probe has waited in vain for the ring a moment ago.</summary>
    internal bool IsSilent =>
        Volatile.Read(ref _silentSince) is not 0 and var since && TimeProvider.System.GetElapsedTime(since) < SilencePause;

    /// <summary>Keeps in mind that a probe has waited in vain.</summary>
    internal void NoteSilence() => Volatile.Write(ref _silentSince, TimeProvider.System.GetTimestamp());
}
