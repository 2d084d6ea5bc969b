using System.Management.Automation;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Sessions;

namespace K2hdkcDbaas.Base;

/// <summary>A cmdlet that works in a session: the one that <c>-Session</c> names, else the one connected last in this runspace.</summary>
public abstract class SessionCmdlet : DbaasCmdlet
{
    private IDbaasSession? _resolved;

    /// <summary>The session to work in, by name or object; the one connected last when not given.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SessionCompleter))]
    [ValidateNotNull]
    [SessionArgument]
    public SessionReference? Session { get; set; }

    /// <summary>The session to work in. Ends the command when there is none.</summary>
    internal IDbaasSession Connection
    {
        get
        {
            try
            {
                return _resolved ??= SessionTable.Here.Resolve(Session);
            }
            catch (DbaasException fault)
            {
                ThrowTerminatingError(ErrorRecords.From(fault, Session?.Name));
                throw;
            }
        }
    }

    /// <summary>Finds the session before the first record, so that a missing one is told once and not per record.</summary>
    protected override void BeginProcessing() => _ = Connection;

    /// <summary>Runs work with the session's K2HR3 client.</summary>
    internal bool RunK2hr3(object? target, Func<K2hr3Client, CommandOutput, CancellationToken, Task> work) =>
        Run(target, async (output, token) =>
            await work(await Connection.GetK2hr3Async(token).ConfigureAwait(false), output, token).ConfigureAwait(false));

    /// <summary>
    /// The name of the engine that a cluster is sought with: the one given, else its own when the object says so, else the session's.
    /// </summary>
    internal string BackendNameOf(ClusterReference? cluster) => (this as IBackendChoice)?.Backend ?? cluster?.Backend ?? Connection.Backend;

    /// <summary>The back end of a cluster. Ends the command when the session has none such.</summary>
    internal IClusterBackend BackendOf(ClusterReference? cluster) => OrEnd(() => Connection.GetBackend(BackendNameOf(cluster)));

    /// <summary>A feature of a cluster's back end. Ends the command when it has none such.</summary>
    internal T FeatureOf<T>(ClusterReference? cluster)
        where T : class => OrEnd(() => Connection.Feature<T>(BackendNameOf(cluster)));

    /// <summary>A feature of any back end of the session, its default one first. Ends the command when there is none.</summary>
    internal T Feature<T>()
        where T : class => OrEnd(() => Connection.Feature<T>());

    /// <summary>What a call yields; its failure ends the command.</summary>
    internal T OrEnd<T>(Func<T> get)
    {
        try
        {
            return get();
        }
        catch (DbaasException fault)
        {
            ThrowTerminatingError(ErrorRecords.From(fault, fault.Target));
            throw;
        }
    }
}
