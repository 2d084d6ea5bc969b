using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets slave nodes: those registered as clients of a cluster and those only known to the cloud.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcSlave")]
[OutputType(typeof(ClusterNode))]
public sealed class GetK2hdkcSlaveCommand : GetNodeCmdlet
{
    /// <summary>Names, ids, cuks, tags or addresses; wildcards are allowed.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(SlaveCompleter))]
    [Alias("Slave")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    private protected override NodeRole Role => NodeRole.Slave;

    private protected override string[] Patterns => Name;
}
