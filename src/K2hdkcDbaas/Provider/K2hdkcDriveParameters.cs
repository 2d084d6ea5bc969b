using System.Management.Automation;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Sessions;

namespace K2hdkcDbaas.Provider;

/// <summary>What New-PSDrive takes beside its own parameters: which ring.</summary>
public sealed class K2hdkcDriveParameters
{
    /// <summary>The cluster, by name, id or object.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ClusterArgument]
    public ClusterReference? Cluster { get; set; }

    /// <summary>The session that finds the cluster; the one connected last when not given.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SessionCompleter))]
    [SessionArgument]
    public SessionReference? Session { get; set; }

    /// <summary>The ring's configuration file, instead of a cluster.</summary>
    [Parameter]
    public string? ConfigurationPath { get; set; }

    /// <summary>A server of the ring as host or host:controlport, instead of a cluster.</summary>
    [Parameter]
    public string[]? Server { get; set; }

    /// <summary>How the ring is reached, as for Connect-K2hdkcCluster; Auto when not given.</summary>
    [Parameter]
    public K2hdkcTransport Transport { get; set; } = K2hdkcTransport.Auto;
}

/// <summary>What Get-Content takes on a K2HDKC drive.</summary>
public sealed class K2hdkcContentReaderParameters
{
    /// <summary>Gives the value as one byte array, exactly as stored.</summary>
    [Parameter]
    public SwitchParameter AsByteStream { get; set; }

    /// <summary>Gives the value as one object, as is always done: there for scripts that work with files, too.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }
}

/// <summary>What Set-Content and Add-Content take on a K2HDKC drive.</summary>
public sealed class K2hdkcContentWriterParameters
{
    /// <summary>Takes numbers for bytes.</summary>
    [Parameter]
    public SwitchParameter AsByteStream { get; set; }
}

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

    /// <summary>The connection to the ring, shared with the commands. When another one takes its place, as after Connect-K2hdkcCluster, it is that one.</summary>
    public K2hdkcConnection Connection
    {
        get
        {
            if (_connection.Inner.IsClosed && _ring is { } ring && _table.Find(ring) is { } next) _connection = next;
            return _connection;
        }
    }

    /// <summary>Whether a probe has waited in vain for the ring a moment ago.</summary>
    internal bool IsSilent => Volatile.Read(ref _silentSince) is not 0 and var since && TimeProvider.System.GetElapsedTime(since) < SilencePause;

    /// <summary>Keeps in mind that a probe has waited in vain.</summary>
    internal void NoteSilence() => Volatile.Write(ref _silentSince, TimeProvider.System.GetTimestamp());
}
