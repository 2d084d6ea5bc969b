using System.Collections;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Sessions;

namespace K2hdkcDbaas.Completers;

/// <summary>Completes names of flavors.</summary>
public sealed class FlavorCompleter : DbaasCompleter
{
    private protected override async IAsyncEnumerable<Candidate> FindAsync(
        IDbaasSession session, IDictionary bound, string parameter, string pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var flavor in session.Feature<ICloudCatalog>().GetFlavorsAsync(pattern, cancellationToken).ConfigureAwait(false))
            yield return new Candidate(flavor.Name, $"{flavor.Name}: {flavor.VCpus} VCPU, {flavor.Ram} MiB, {flavor.Disk} GiB");
    }
}
