using System.Collections;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Sessions;

namespace K2hdkcDbaas.Completers;

/// <summary>Completes names of Trove's configuration groups.</summary>
public sealed class ConfigurationGroupCompleter : DbaasCompleter
{
    private protected override async IAsyncEnumerable<Candidate> FindAsync(
        IDbaasSession session, IDictionary bound, string parameter, string pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var group in session.Feature<IConfigurationGroups>().GetAsync(pattern, cancellationToken).ConfigureAwait(false))
            yield return new Candidate(group.Name, $"{group.Name} ({group.Id}) of {group.Datastore} {group.DatastoreVersion}");
    }
}

/// <summary>Completes names of the settings that a configuration group may hold.</summary>
public class ConfigurationParameterCompleter : DbaasCompleter
{
    private protected virtual string Suffix => "";

    private protected override async IAsyncEnumerable<Candidate> FindAsync(
        IDbaasSession session, IDictionary bound, string parameter, string pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var setting in await session.Feature<IConfigurationGroups>().GetParametersAsync(TextOf(bound, "DatastoreVersion"), cancellationToken).ConfigureAwait(false))
        {
            if (!setting.SystemOnly || Suffix.Length == 0)
                yield return new Candidate(setting.Name + Suffix, $"{setting.Name}: {setting.Type}{(setting.Min is null && setting.Max is null ? "" : $" from {setting.Min} to {setting.Max}")}");
        }
    }
}

/// <summary>Completes the beginning of a setting: <c>name=</c>.</summary>
public sealed class ConfigurationSettingCompleter : ConfigurationParameterCompleter
{
    private protected override string Suffix => "=";
}

/// <summary>Completes names of Trove's datastores.</summary>
public sealed class DatastoreCompleter : DbaasCompleter
{
    private protected override async IAsyncEnumerable<Candidate> FindAsync(
        IDbaasSession session, IDictionary bound, string parameter, string pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var store in session.Feature<IDatastoreCatalog>().GetDatastoresAsync(pattern, cancellationToken).ConfigureAwait(false))
            yield return new Candidate(store.Name, $"{store.Name}: {string.Join(", ", store.Versions)}");
    }
}

/// <summary>Completes the versions of the <c>k2hdkc</c> datastore.</summary>
public sealed class DatastoreVersionCompleter : DbaasCompleter
{
    private protected override async IAsyncEnumerable<Candidate> FindAsync(
        IDbaasSession session, IDictionary bound, string parameter, string pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var store in session.Feature<IDatastoreCatalog>().GetDatastoresAsync("k2hdkc", cancellationToken).ConfigureAwait(false))
        {
            foreach (var version in store.Versions) yield return new Candidate(version, version == store.DefaultVersion ? $"{version} (default)" : version);
        }
    }
}

/// <summary>Completes names of backups and of their sets.</summary>
public sealed class BackupCompleter : DbaasCompleter
{
    private protected override async IAsyncEnumerable<Candidate> FindAsync(
        IDbaasSession session, IDictionary bound, string parameter, string pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var backup in session.Feature<IBackupBackend>(TextOf(bound, "Backend") ?? session.Backend).GetBackupsAsync(null, pattern, cancellationToken).ConfigureAwait(false))
        {
            if (backup.SetName is { } set) yield return new Candidate(set, $"set {set} of {backup.Cluster}, {backup.Created:u}");
            yield return new Candidate(backup.Name, $"{backup.Name}: {backup.Status}, {backup.Created:u}");
        }
    }
}
