using System.Collections;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Sessions;

namespace K2hdkcDbaas.Completers;

/// <summary>Completes names of Trove's configuration groups.</summary>
public sealed class ConfigurationGroupCompleter : DbaasCompleter
{
    private protected override async IAsyncEnumerable<Candidate> FindAsync(
        IDbaasSession session, IDictionary bound, string parameter, string pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var group in session.Feature<IConfigurationGroups>().GetAsync(pattern, cancellationToken).ConfigureAwait(false))
            yield return new Candidate(group.Name, $"{group.Name} ({group.Id}) of {group.Datastore} {group.DatastoreVersion}");
    }
}
