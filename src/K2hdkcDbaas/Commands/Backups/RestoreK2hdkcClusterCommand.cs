using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Backups;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Parts;

namespace K2hdkcDbaas.Commands;

/// <summary>Makes a cluster from a set of backups: one server node per backup.</summary>
[Cmdlet(VerbsData.Restore, "K2hdkcCluster", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Cluster))]
public sealed class RestoreK2hdkcClusterCommand : FlowCmdlet, IDynamicParameters
{
    private readonly List<Backup> _backups = [];
    private bool _missing;

    /// <summary>The set, by its name, or its backups by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(BackupCompleter))]
    [Alias("SetName")]
    [ValidateNotNullOrEmpty]
    [BackupArgument]
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

    /// <summary>Restores what is usable of a set that lacks server nodes; their data is lost.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Leaves what a failing flow has made instead of undoing it.</summary>
    [Parameter]
    public SwitchParameter KeepPartial { get; set; }

    private NodeTemplateParameters Made => field ??= new NodeTemplateParameters(this, ParameterUses.RestoreCluster);

    /// <inheritdoc/>
    public object GetDynamicParameters() => Made.Define();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var reference in Backup)
        {
            var backups = OrEnd(() => Connection.Feature<IBackupBackend>(reference.Backend ?? BackendNameOf(null)));
            if (TryRun(reference.Name, (_, token) => BackupFinder.FindAsync(backups, reference, token), out var found))
                _backups.AddRange(found!);
            else _missing = true;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // Half a set would be half the data.
        if (_missing || _backups.Count == 0) return;
        IReadOnlyList<Backup> backups;
        try
        {
            backups = BackupSets.Restorable(_backups, Force);
        }
        catch (DbaasException fault)
        {
            Fail(fault, fault.Target ?? Name);
            return;
        }

        var first = backups[0];
        if ((Name ?? first.Cluster) is not { } name)
        {
            Fail(new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest, "The backups do not say of which cluster they are.",
                "Give -Name."), null);
            return;
        }

        if (!BackupSets.IsWhole(_backups.DistinctBy(b => b.Id).ToList()))
            WriteWarning($"The set {first.SetName} is not whole: what its missing nodes held is lost.");
        if (!ShouldProcess(name, $"Create K2HDKC cluster from {backups.Count} backups of set {first.SetName ?? "(none)"}")) return;
        var backend = OrEnd(() => Connection.Feature<IBackupBackend>(first.Backend));
        Made.WarnOfUnused(first.Backend);
        var ports = first.Ports ?? new ClusterPorts();
        var request = Made.WithGiven(first.Backend, new NewCluster(name)
        {
            Ports = new ClusterPorts
            {
                Server = ServerPort ?? ports.Server,
                ServerControl = ServerControlPort ?? ports.ServerControl,
                SlaveControl = SlaveControlPort ?? ports.SlaveControl
            },
            RunUser = first.RunUser,
            CreateUser = first.CreateUser,
            NoSecurityGroup = first.NoSecurityGroup,
            ServerCount = backups.Count,
            Nodes = Made.Template(first.Backend),
        });
        if (TryRun(name, (output, token) => backend.RestoreClusterAsync(request, backups, Flow(output, Force, KeepPartial), token),
            out var cluster))
            WriteObject(cluster);
    }
}
