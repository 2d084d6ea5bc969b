using System.Management.Automation;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Ring;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Base;

/// <summary>A cmdlet that adds nodes of one role to a cluster; several are asked for at the same time.</summary>
public abstract class AddNodeCmdlet : NodeTemplateCmdlet
{
    /// <summary>The cluster, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ValidateNotNull]
    [ClusterArgument]
    public ClusterReference Cluster { get; set; } = null!;

    /// <summary>Names of the new nodes; CLUSTER-server-N or CLUSTER-slave-N when not given.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>How many nodes to add when no names are given.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int Count { get; set; } = 1;

    private protected abstract NodeRole Role { get; }

    /// <summary>Whether servers join the plain way.</summary>
    private protected virtual bool IsPlain => false;

    private protected override ParameterUses Use => Role == NodeRole.Server ? ParameterUses.AddNode : ParameterUses.StartSlave;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Name.Length > 0 && Name.Length != Count && MyInvocation.BoundParameters.ContainsKey(nameof(Count)))
        {
            var given = Name.Length == 1 ? "1 name" : $"{Name.Length} names";
            Fail(new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest, $"-Count {Count} was given, and {given}.", "Give -Name or -Count, not both.") { Target = Count }, Cluster.Name);
            return;
        }

        var what = Name.Length > 0 ? string.Join(", ", Name) : Count == 1 ? "1 node" : $"{Count} nodes";
        var backend = BackendOf(Cluster);
        WarnOfUnused(backend.Name);
        var request = new NewNodes(Cluster.Key, Role, Template(backend.Name)) { Names = Name, Count = Count };
        if (AsksFirst && !Run(Cluster.Name, (_, token) => backend.CheckNodesAsync(request, token))) return;
        if (!ShouldProcess(Cluster.Name, $"Add {Role} {what}")) return;
        if (TryRun(Cluster.Name, (output, token) => RingGrowth.AddAsync(Connection, backend, request, Flow(output, IsPlain, KeepPartial), token), out var nodes))
            WriteObject(nodes, enumerateCollection: true);
    }
}
