using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Parts;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets server nodes: those registered in their ring and those only known to the cloud.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcNode")]
[OutputType(typeof(ClusterNode))]
public sealed class GetK2hdkcNodeCommand : BackendCmdlet
{
    /// <summary>The clusters, by name, id or object; wildcards are allowed; all when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ClusterArgument(TakesNode = true)]
    public ClusterReference[] Cluster { get; set; } = [new("*")];

    /// <summary>Names, ids, cuks, tags or addresses; wildcards are allowed.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(NodeCompleter))]
    [Alias("Node")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord() => new NodeListing(this, NodeRole.Server, Name).Write(Cluster);
}
