using System.Management.Automation;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;

namespace K2hdkcDbaas.Base;

/// <summary>A cmdlet that gets things of one kind from K2HR3.</summary>
public abstract class GetK2hr3Cmdlet : SessionCmdlet
{
    private protected abstract ListKind Kind { get; }

    private protected abstract Task<object> ReadAsync(K2hr3Client k2hr3, string name, CancellationToken cancellationToken);

    /// <summary>Reads what the names and patterns mean, and writes it.</summary>
    private protected void Find(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            RunK2hr3(name, async (k2hr3, output, token) =>
            {
                await K2hr3Names.DemandOwnAsync(k2hr3, Kind, name, token).ConfigureAwait(false);
                var all = await NameTrees.AllAsync(k2hr3, Kind, token).ConfigureAwait(false);
                var wild = WildcardPattern.ContainsWildcardCharacters(name);
                var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
                var found = all.Where(n => wild ? pattern.IsMatch(n) : n == K2hr3Names.Normal(name)).ToArray();
                if (found.Length == 0 && !wild) throw K2hr3Names.NotFound(Kind, name);
                foreach (var one in found)
                {
                    try
                    {
                        await output.WriteAsync(await ReadAsync(k2hr3, one, token).ConfigureAwait(false), token).ConfigureAwait(false);
                    }
                    catch (DbaasException fault) when (wild && fault.Kind == ErrorKind.NotFound)
                    {
                        // One of many that is gone meanwhile, or only groups others, does not end the rest.
                        output.Verbose(fault.Message);
                    }
                }
            });
        }
    }
}
