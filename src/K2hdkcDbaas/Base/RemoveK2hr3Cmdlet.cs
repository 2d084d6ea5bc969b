using System.Management.Automation;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.K2hr3;

namespace K2hdkcDbaas.Base;

/// <summary>A cmdlet that removes things of one kind from K2HR3.</summary>
public abstract class RemoveK2hr3Cmdlet : SessionCmdlet
{
    /// <summary>Returns the names of what was removed.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected abstract ListKind Kind { get; }

    private protected abstract Task DeleteAsync(K2hr3Client k2hr3, string name, CancellationToken cancellationToken);

    private protected void Remove(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (!ShouldProcess(name, $"Remove K2HR3 {K2hr3Names.Word(Kind)}")) continue;
            var done = RunK2hr3(name, async (k2hr3, _, token) =>
            {
                await K2hr3Names.DemandPresentAsync(k2hr3, Kind, name, token).ConfigureAwait(false);
                var bare = K2hr3Names.Normal(name);
                await ContentsUse.RemoveAsync(k2hr3, Kind, bare, ct => DeleteAsync(k2hr3, bare, ct), token).ConfigureAwait(false);
            });
            if (done && PassThru) WriteObject(name);
        }
    }
}
