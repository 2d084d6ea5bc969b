using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets server nodes: those registered in their ring and those only known to the cloud.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcNode")]
[OutputType(typeof(ClusterNode))]
public sealed class GetK2hdkcNodeCommand : GetNodeCmdlet
{
    /// <summary>Names, ids, cuks, tags or addresses; wildcards are allowed.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(NodeCompleter))]
    [Alias("Node")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    private protected override NodeRole Role => NodeRole.Server;

    private protected override string[] Patterns => Name;
}
