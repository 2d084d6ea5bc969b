using System.Management.Automation;
using K2hdkcDbaas.Core;
using K2hdkcDbaas.Faults;

namespace K2hdkcDbaas.Commands;

/// <summary>Makes a cluster from a set of backups: one server node per backup.</summary>
[Cmdlet(VerbsData.Restore, "K2hdkcCluster", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Cluster))]
public sealed class RestoreK2hdkcClusterCommand : NodeTemplateCommand
{
    private readonly List<Backup> _backups = [];
    private bool _missing;

    /// <summary>The set, by its name, or its backups by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(BackupCompleter))]
    [Alias("SetName")]
    [ValidateNotNullOrEmpty]
    public BackupReference[] Backup { get; set; } = [];

    /// <summary>The new cluster's name; that of the cluster that was backed up when not given.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>The port of server nodes; that of the backed-up cluster when not given.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int? ServerPort { get; set; }

    /// <summary>The control port of server nodes; that of the backed-up cluster when not given.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int? ServerControlPort { get; set; }

    /// <summary>The control port of slave nodes; that of the backed-up cluster when not given.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int? SlaveControlPort { get; set; }

    /// <summary>The user that runs chmpx and k2hdkc in the guests.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RunUser { get; set; }

    /// <summary>Trove: the configuration group to use, by name or id; one like that of the backed-up cluster is made when not given.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ConfigurationGroupCompleter))]
    [ValidateNotNull]
    public ConfigurationGroupReference? ConfigurationGroup { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var reference in Backup)
        {
            var backups = BackendOf(null).Backups;
            if (TryRun(reference.Name, (_, token) => BackupFinder.FindAsync(backups, reference, token), out var found)) _backups.AddRange(found!);
            else _missing = true;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // Half a set would be half the data.
        if (_missing || _backups.Count == 0) return;
        var sets = _backups.Select(b => b.Set).Distinct().ToList();
        var name = Name ?? _backups[0].Cluster;
        if (sets.Count > 1 || name is null)
        {
            var fault = new DbaasException(
                FaultKind.InvalidInput, ErrorIds.InvalidRequest, sets.Count > 1 ? $"The backups are of {sets.Count} sets: {string.Join(", ", sets)}." : "The backups do not say of which cluster they are.",
                sets.Count > 1 ? "Give the backups of one set." : "Give -Name.");
            Fail(fault, name);
            return;
        }

        if (!ShouldProcess(name, $"Create K2HDKC cluster from {_backups.Count} backups of set {sets[0] ?? "(none)"}")) return;
        var backend = Connection.GetBackend(_backups[0].Backend);
        WarnOfUnused(backend.Kind);
        var ports = _backups[0].Ports ?? new ClusterPorts();
        var request = new NewCluster(name)
        {
            Ports = new ClusterPorts { Server = ServerPort ?? ports.Server, ServerControl = ServerControlPort ?? ports.ServerControl, SlaveControl = SlaveControlPort ?? ports.SlaveControl },
            RunUser = RunUser,
            ServerCount = _backups.Count,
            Nodes = Template(),
            ConfigurationGroup = ConfigurationGroup?.Reference,
        };
        if (TryRun(name, (output, token) => backend.Backups.RestoreClusterAsync(request, _backups, Flow(output, keepPartial: KeepPartial), token), out var cluster))
            WriteObject(cluster);
    }
}
