using System.Management.Automation;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Ring;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Sessions;

namespace K2hdkcDbaas.Base;

/// <summary>
/// A cmdlet that steers a ring over its nodes' control ports. These answer only hosts that the ring's configuration lists.
/// </summary>
public abstract class ControlCmdlet : DbaasCmdlet
{
    /// <summary>The cluster, by name, id or object; its nodes are found through K2HR3 or Trove.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = RingSets.Cluster)]
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

    /// <summary>What the user called the ring.</summary>
    private protected string RingName =>
        Cluster?.Name ?? ConfigurationPath ?? (Server is null ? ConnectionTable.Here.Current?.Name : string.Join(',', Server)) ?? "";

    /// <summary>
    /// Where the ring is: as given, else that of the connection made last. On the pipeline thread; ends the command when nothing is given.
    /// </summary>
    private protected IRingSource Source
    {
        get
        {
            try
            {
                if (Cluster is { } cluster) return SourceOf(cluster);
                var choice = new RingChoice(Cluster, Session,
                    ConfigurationPath is null ? null : SessionState.Path.GetUnresolvedProviderPathFromPSPath(ConfigurationPath), Server);
                return choice.Source(out _) ?? ConnectionTable.Here.Current?.Inner.Source ?? throw ConnectionTable.NothingMeant();
            }
            catch (DbaasException fault)
            {
                ThrowTerminatingError(ErrorRecords.From(fault, Cluster?.Name));
                throw;
            }
        }
    }

    /// <summary>Where the ring of a cluster is.</summary>
    private protected IRingSource SourceOf(ClusterReference cluster) => new RingChoice(cluster, Session, null, null).Source(out _)!;

    /// <summary>The nodes of the ring as it is now.</summary>
    private protected static Task<RingController> NodesAsync(IRingSource source, CancellationToken cancellationToken) =>
        RingController.OpenAsync(source, TimeProvider.System, cancellationToken);
}
