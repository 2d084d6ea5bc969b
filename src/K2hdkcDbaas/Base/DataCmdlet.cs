using System.Management.Automation;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Sessions;

namespace K2hdkcDbaas.Base;

/// <summary>
/// A cmdlet that works with a ring's data: the connection given, else that of the cluster, file or server given, else the one connected
/// last. The connection is opened by the first record that needs it, and stays open for the commands that follow.
/// </summary>
public abstract class DataCmdlet : DbaasCmdlet
{
    private K2hdkcConnection? _resolved;

    /// <summary>The cluster, by name, id or object; its ring is found through K2HR3 or Trove.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RingSets.Cluster)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ValidateNotNull]
    [ClusterArgument]
    public virtual ClusterReference? Cluster { get; set; }

    /// <summary>The session that finds the cluster, by name or object; the one connected last when not given.</summary>
    [Parameter(ParameterSetName = RingSets.Cluster)]
    [ArgumentCompleter(typeof(SessionCompleter))]
    [ValidateNotNull]
    [SessionArgument]
    public SessionReference? Session { get; set; }

    /// <summary>The ring's configuration file (INI, JSON or YAML), instead of a cluster.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RingSets.ConfigurationPath)]
    [ValidateNotNullOrEmpty]
    public string? ConfigurationPath { get; set; }

    /// <summary>
    /// A server of the ring as host or host:controlport (8021 when not given), instead of a cluster; several are tried in turn.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = RingSets.Server)]
    [ValidateNotNullOrEmpty]
    public string[]? Server { get; set; }

    /// <summary>A connection that Connect-K2hdkcCluster made, instead of a cluster.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RingSets.Connection)]
    [ValidateNotNull]
    public K2hdkcConnection? Connection { get; set; }

    /// <summary>
    /// How the ring is reached: Managed joins it over TCP or TLS; Native goes through libk2hdkc (its file named by the variable
    /// K2HDKC_LIBRARY where it is in no usual place) and this host's slave chmpx, whose file is given as -ConfigurationPath; Auto tries
    /// them in this order, and is meant when nothing is given.
    /// </summary>
    [Parameter]
    public K2hdkcTransport Transport { get; set; } = K2hdkcTransport.Auto;

    /// <summary>The client to call. On the pipeline thread only; ends the command when there is no way to the ring.</summary>
    private protected IK2hdkcClient Client => Resolved.Inner.Client;

    /// <summary>The connection in use, opened when there was none.</summary>
    private protected K2hdkcConnection Resolved
    {
        get
        {
            // A connection that was closed meanwhile by another command is no use any more.
            if (_resolved is { Inner.IsClosed: false }) return _resolved;
            try
            {
                return _resolved = Connection ?? Find();
            }
            catch (DbaasException fault)
            {
                ThrowTerminatingError(ErrorRecords.From(fault, Cluster?.Name));
                throw;
            }
        }
    }

    /// <summary>Opens a connection. On the pipeline thread; writes progress meanwhile.</summary>
    private K2hdkcConnection Open(IRingSource source, IDbaasSession? session, DataConnectionOptions options)
    {
        K2hdkcConnection? opened = null;
        DbaasException? failure = null;
        Run(source.Name, async (output, token) =>
        {
            try
            {
                opened = new K2hdkcConnection(await DataConnection.OpenAsync(source, options, output.Observer, token).ConfigureAwait(false),
                    session);
            }
            catch (DbaasException fault)
            {
                failure = fault;
            }
        });
        return opened ?? throw failure ?? throw new PipelineStoppedException();
    }

    private K2hdkcConnection Find()
    {
        var table = ConnectionTable.Here;
        var choice = new RingChoice(Cluster, Session,
            ConfigurationPath is null ? null : SessionState.Path.GetUnresolvedProviderPathFromPSPath(ConfigurationPath), Server);
        if (choice.Source(out var session) is not { } source) return table.Current ?? throw ConnectionTable.NothingMeant();
        var key = new ConnectionKey(session, source.Name, Transport);
        if (table.Find(key) is { } known) return known;
        var opened = Open(source, session, new DataConnectionOptions { Client = new K2hdkcClientOptions { Transport = Transport } });
        table.Add(key, opened, makeCurrent: false);
        return opened;
    }
}
