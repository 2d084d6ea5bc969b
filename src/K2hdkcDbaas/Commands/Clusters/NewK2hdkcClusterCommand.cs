using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Parts;

namespace K2hdkcDbaas.Commands;

/// <summary>Makes a cluster, and with it its first nodes if wanted.</summary>
[Cmdlet(VerbsCommon.New, "K2hdkcCluster", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Cluster))]
public sealed class NewK2hdkcClusterCommand : FlowCmdlet, IDynamicParameters
{
    /// <summary>The cluster's name: lower-case letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Cluster, NameOnly = true)]
    public string Name { get; set; } = null!;

    /// <summary>
    /// How many server nodes to boot, named NAME-server-1 and so on where they are no pods. None when not given; a Helm chart then
    /// makes its own number.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, 256)]
    public int ServerCount { get; set; }

    /// <summary>
    /// How many slave nodes to boot, named NAME-slave-1 and so on where they are no pods. None when not given; a Helm chart then
    /// makes its own number.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, 1024)]
    public int SlaveCount { get; set; }

    /// <summary>The port of server nodes; 8020 when not given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 65535)]
    public int ServerPort { get; set; } = 8020;

    /// <summary>The control port of server nodes; 8021 when not given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 65535)]
    public int ServerControlPort { get; set; } = 8021;

    /// <summary>The control port of slave nodes; 8031 when not given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 65535)]
    public int SlaveControlPort { get; set; } = 8031;

    /// <summary>Leaves what a failing flow has made instead of undoing it.</summary>
    [Parameter]
    public SwitchParameter KeepPartial { get; set; }

    private NodeTemplateParameters Made => field ??= new NodeTemplateParameters(this, ParameterUses.NewCluster);

    /// <inheritdoc/>
    public object GetDynamicParameters() => Made.Define();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var nodes = ServerCount + SlaveCount;
        var backend = BackendOf(null);
        Made.WarnOfUnused(backend.Name, slaves: SlaveCount > 0);
        var request = Made.WithGiven(backend.Name, new NewCluster(Name)
        {
            Ports = new ClusterPorts { Server = ServerPort, ServerControl = ServerControlPort, SlaveControl = SlaveControlPort },
            ServerCount = ServerCount,
            SlaveCount = SlaveCount,
            Nodes = nodes == 0 ? Made.Given(backend.Name) : Made.Template(backend.Name),
        });
        if (AsksFirst && !Run(Name, (_, token) => backend.CheckClusterAsync(request, token))) return;
        if (!ShouldProcess(Name, $"Create K2HDKC cluster{Nodes()}")) return;
        if (TryRun(Name, (output, token) => backend.CreateClusterAsync(request, Flow(output, keepPartial: KeepPartial), token),
            out var cluster))
            WriteObject(cluster);
    }

    // What is not asked for is not told: a Helm chart makes its own number then.
    private string Nodes()
    {
        var counts = new[] { (ServerCount, "server"), (SlaveCount, "slave") }.Where(c => c.Item1 > 0)
            .Select(c => $"{c.Item1} {c.Item2} node{(c.Item1 == 1 ? "" : "s")}").ToList();
        return counts.Count == 0 ? "" : " with " + string.Join(" and ", counts);
    }
}
