using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;

namespace K2hdkcDbaas.Base;

/// <summary>A cmdlet that speaks to K2HR3 itself, below what clusters need.</summary>
public abstract class K2hr3Cmdlet : SessionCmdlet
{
    /// <summary>Runs work with the session's K2HR3 client.</summary>
    private protected bool RunK2hr3(object? target, Func<K2hr3Client, CommandOutput, CancellationToken, Task> work) =>
        Run(target, async (output, token) =>
            await work(await Connection.GetK2hr3Async(token).ConfigureAwait(false), output, token).ConfigureAwait(false));

    /// <summary>K2HR3 answers many reads and deletions alike whether the thing is there or not: only its lists tell.</summary>
    private protected static async Task<bool> ExistsAsync(K2hr3Client k2hr3, ListKind kind, string name, CancellationToken cancellationToken) =>
        (await K2hr3Names.AllAsync(k2hr3, kind, cancellationToken).ConfigureAwait(false)).Contains(K2hr3Names.Normal(name));

    /// <summary>Fails when there is such a thing already, unless the user wants it changed.</summary>
    private protected static async Task DemandAbsentAsync(K2hr3Client k2hr3, ListKind kind, string name, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(k2hr3, kind, name, cancellationToken).ConfigureAwait(false)) return;
        throw new DbaasException(
            ErrorKind.AlreadyExists, $"K2hr3{kind}Exists", $"There is a {K2hr3Names.Word(kind)} '{name}' in this tenant already; nothing was changed.",
            "Choose another name, or change what is there with -Force.")
        {
            Target = name,
        };
    }

    /// <summary>Fails when there is no such thing.</summary>
    private protected static async Task DemandPresentAsync(K2hr3Client k2hr3, ListKind kind, string name, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(k2hr3, kind, name, cancellationToken).ConfigureAwait(false)) throw K2hr3Names.NotFound(kind, name);
    }
}
