using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Base;

/// <summary>A cmdlet for what only a service that manages clusters itself does with them and their members.</summary>
public abstract class ServiceOperationCmdlet : FlowCmdlet
{
    /// <summary>Asks the service, or says that this cluster's back end has none.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="target">What an error is about.</param>
    /// <param name="work">What to ask.</param>
    private protected bool Operate(ClusterReference cluster, string target, Func<IServiceOperations, CommandOutput, CancellationToken, Task> work)
    {
        IServiceOperations service;
        try
        {
            service = Connection.Feature<IServiceOperations>(BackendNameOf(cluster));
        }
        catch (DbaasException fault)
        {
            Fail(fault, target);
            return false;
        }

        return Run(target, (output, token) => work(service, output, token));
    }
}
