using System.Management.Automation;
using K2hdkcDbaas.Completers;

namespace K2hdkcDbaas.Base;

/// <summary>
/// A cmdlet that asks one of several back ends: that of a given object, the one that <c>-Backend</c> names, or the session's.
/// </summary>
public abstract class BackendCmdlet : SessionCmdlet, IBackendChoice
{
    /// <summary>The engine that runs the cluster, such as Nova or Trove; the session's when not given.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Backend { get; set; }
}
