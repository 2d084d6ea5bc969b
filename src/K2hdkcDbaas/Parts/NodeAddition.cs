using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Core;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Ring;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Parts;

/// <summary>Adds nodes of one role to a cluster; several are asked for at the same time.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Role">The nodes' role.</param>
/// <param name="Names">Their names; the back end names them when there are none.</param>
/// <param name="Count">How many there are to be when no names are given; null for one.</param>
internal sealed record NodeAddition(ClusterReference Cluster, NodeRole Role, string[] Names, int? Count)
{
    /// <summary>Whether servers join the plain way.</summary>
    public bool IsPlain { get; init; }

    /// <summary>Whether what a failing flow has made is left.</summary>
    public bool KeepPartial { get; init; }

    /// <summary>Asks ShouldProcess, adds the nodes and writes them.</summary>
    /// <param name="cmdlet">The cmdlet that was called.</param>
    /// <param name="made">How the nodes are made.</param>
    public void Run(FlowCmdlet cmdlet, NodeTemplateParameters made)
    {
        if (Names.Length > 0 && Count is { } wanted && Names.Length != wanted)
        {
            var given = Names.Length == 1 ? "1 name" : $"{Names.Length} names";
            cmdlet.Fail(
                new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest, $"-Count {wanted} was given, and {given}.",
                    "Give -Name or -Count, not both.")
                { Target = wanted },
                Cluster.Name);
            return;
        }

        var count = Count ?? 1;
        var word = Role == NodeRole.Server ? "server" : "slave";
        var what = Names.Length > 0 ? $"{word} {string.Join(", ", Names)}" : count == 1 ? $"1 {word} node" : $"{count} {word} nodes";
        var backend = cmdlet.BackendOf(Cluster);
        made.WarnOfUnused(backend.Name);
        var request = new NewNodes(Cluster.Key, Role, made.Template(backend.Name)) { Names = Names, Count = count };
        if (cmdlet.AsksFirst && !cmdlet.Run(Cluster.Name, (_, token) => backend.CheckNodesAsync(request, token))) return;
        if (!cmdlet.ShouldProcess(Cluster.Name, $"Add {what}{Comes(cmdlet, backend, count)}")) return;
        var added = cmdlet.TryRun(
            Cluster.Name,
            (output, token) => RingGrowth.AddAsync(cmdlet.Connection, backend, request, cmdlet.Flow(output, IsPlain, KeepPartial), token),
            out var nodes);
        if (added) cmdlet.WriteObject(nodes, enumerateCollection: true);
    }

    // Read for a decision alone.
    private string Comes(FlowCmdlet cmdlet, IClusterBackend backend, int count)
    {
        if (Role != NodeRole.Server || !cmdlet.AsksFirst) return "";
        var name = Names.Length > 0 ? Names[0] : "the new node";
        var told = cmdlet.TryRun(
            Cluster.Name, (_, token) => RingGrowth.ForeseeAsync(cmdlet.Connection, backend, Cluster.Key, name, token), out var plan);
        if (!told || plan is null) return "";
        return $": {plan.Describe(IsPlain)}{(count > 1 && !IsPlain ? "; the others likewise, one after the other" : "")}";
    }
}
