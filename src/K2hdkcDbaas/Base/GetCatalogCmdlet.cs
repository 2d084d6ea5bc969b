using System.Management.Automation;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Base;

/// <summary>A cmdlet that gets things that a cloud offers to nodes.</summary>
public abstract class GetCatalogCmdlet : SessionCmdlet
{
    /// <summary>What to do when there is none.</summary>
    private protected virtual string Next => $"See all with {MyInvocation.MyCommand.Name}.";

    /// <summary>Finds by name, id or pattern, and writes what there is; a plain name that fits nothing is an error.</summary>
    /// <param name="noun">What is sought, in words.</param>
    /// <param name="patterns">Names, ids or patterns.</param>
    /// <param name="find">Asks the cloud.</param>
    private protected void Find<T>(string noun, IEnumerable<string> patterns, Func<string, CancellationToken, IAsyncEnumerable<T>> find)
    {
        foreach (var pattern in patterns)
        {
            Run(pattern, async (output, token) =>
            {
                // A catalogue is short: people get it sorted, in whatever order the cloud has it.
                var found = await find(pattern, token).ToListAsync(token).ConfigureAwait(false);
                foreach (var item in found.OrderBy(i => i?.ToString(), NaturalOrder.Instance))
                    await output.WriteAsync(item, token).ConfigureAwait(false);
                if (found.Count > 0 || WildcardPattern.ContainsWildcardCharacters(pattern)) return;
                throw new DbaasException(
                    ErrorKind.NotFound, $"{typeof(T).Name}NotFound", $"There is no {noun} '{pattern}' that this project can see.",
                    Next);
            });
        }
    }
}
