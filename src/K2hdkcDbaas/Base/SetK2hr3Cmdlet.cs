using K2hdkcDbaas.K2hr3;

namespace K2hdkcDbaas.Base;

/// <summary>A cmdlet that changes a thing of K2HR3 that exists. What is not given stays as it is; what is given empty is cleared.</summary>
public abstract class SetK2hr3Cmdlet : SessionCmdlet
{
    /// <summary>Makes a change, when the thing is there, and puts out what it then is.</summary>
    private protected void Change(ListKind kind, string name, Func<K2hr3Client, string, CancellationToken, Task> save,
        Func<K2hr3Client, string, CancellationToken, Task<object>> read)
    {
        if (!ShouldProcess(name, $"Change K2HR3 {K2hr3Names.Word(kind)}")) return;
        RunK2hr3(name, async (k2hr3, output, token) =>
        {
            await K2hr3Names.DemandPresentAsync(k2hr3, kind, name, token).ConfigureAwait(false);
            await save(k2hr3, await K2hr3Names.TenantAsync(k2hr3, token).ConfigureAwait(false), token).ConfigureAwait(false);
            await output.WriteAsync(await read(k2hr3, K2hr3Names.Normal(name), token).ConfigureAwait(false), token).ConfigureAwait(false);
        });
    }
}
