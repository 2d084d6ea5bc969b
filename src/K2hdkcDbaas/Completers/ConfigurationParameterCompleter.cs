using System.Collections;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Sessions;

namespace K2hdkcDbaas.Completers;

/// <summary>Completes names of the settings that a configuration group may hold.</summary>
public class ConfigurationParameterCompleter : DbaasCompleter
{
    private protected virtual string Suffix => "";

    private protected override async IAsyncEnumerable<Candidate> FindAsync(
        IDbaasSession session, IDictionary bound, string parameter, string pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var setting in await session.Feature<IConfigurationGroups>()
            .GetParametersAsync(TextOf(bound, "DatastoreVersion"), cancellationToken).ConfigureAwait(false))
        {
            if (!setting.SystemOnly || Suffix.Length == 0)
                yield return new Candidate(setting.Name + Suffix,
                    $"{setting.Name}: "
                        + $"{setting.Type}{(setting.Min is null && setting.Max is null ? "" : $" from {setting.Min} to {setting.Max}")}");
        }
    }
}
