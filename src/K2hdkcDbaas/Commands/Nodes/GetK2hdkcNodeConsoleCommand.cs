using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets the last lines that nodes have written on their consoles.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcNodeConsole")]
[OutputType(typeof(string))]
public sealed class GetK2hdkcNodeConsoleCommand : BackendCmdlet
{
    /// <summary>The cluster, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ValidateNotNull]
    [ClusterArgument]
    public ClusterReference Cluster { get; set; } = null!;

    /// <summary>The server or slave nodes, by name, id, cuk, tag or address, or by object.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(NodeCompleter))]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [NodeArgument(TakesBoth = true)]
    public NodeReference[] Node { get; set; } = [];

    /// <summary>How many lines of each node to show at most; 50 when not given.</summary>
    [Parameter]
    [ValidateRange(1, 10000)]
    public int Tail { get; set; } = 50;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var node in Node)
        {
            var read = TryRun(
                node.Name,
                (_, token) => Connection.Feature<INodeMachines>(BackendNameOf(Cluster)).GetConsoleAsync(Cluster.Key, node.Key, Tail, token),
                out var lines);
            if (read) WriteObject(lines, enumerateCollection: true);
        }
    }
}
