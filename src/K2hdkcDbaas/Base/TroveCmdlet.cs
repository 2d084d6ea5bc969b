using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Core;
using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Base;

/// <summary>A cmdlet for what only Trove does with clusters and their members.</summary>
public abstract class TroveCmdlet : FlowCmdlet
{
    /// <summary>Asks Trove, or says that this cluster is none of Trove's.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="target">What an error is about.</param>
    /// <param name="work">What to ask.</param>
    private protected bool RunTrove(ClusterReference cluster, string target, Func<ITroveOperations, CommandOutput, CancellationToken, Task> work)
    {
        if (BackendOf(cluster).Kind != BackendKind.Trove)
        {
            Fail(
                new DbaasException(
                    ErrorKind.NotSupported, ErrorIds.BackendNotSupported, $"{MyInvocation.MyCommand.Name} is for clusters that Trove runs, and '{cluster.Name}' is sought among the others.",
                    "Give -Backend Trove, or connect with it."),
                target);
            return false;
        }

        var trove = Connection.Trove;
        return Run(target, (output, token) => work(trove, output, token));
    }
}
