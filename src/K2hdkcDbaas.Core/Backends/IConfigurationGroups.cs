using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Core.Backends;

/// <summary>Trove's configuration groups for the <c>k2hdkc</c> datastore.</summary>
[FeatureName("configuration groups")]
public interface IConfigurationGroups
{
    /// <summary>Finds groups.</summary>
    /// <param name="pattern">Name or id, or a pattern for names.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    IAsyncEnumerable<ConfigurationGroup> GetAsync(string pattern, CancellationToken cancellationToken);

    /// <summary>What a group may hold, as Trove lists it.</summary>
    /// <param name="datastoreVersion">The datastore version; null for the default one.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<IReadOnlyList<ConfigurationParameter>> GetParametersAsync(string? datastoreVersion, CancellationToken cancellationToken);

    /// <summary>Makes a group; the values are checked against the parameters first.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">Its settings; <c>cluster-name</c> is needed, <c>extdata-url</c> is refused.</param>
    /// <param name="datastoreVersion">The datastore version; null for the default one.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<ConfigurationGroup> CreateAsync(string name, IReadOnlyDictionary<string, object?> values, string? datastoreVersion,
        string? description, CancellationToken cancellationToken);

    /// <summary>Changes a group.</summary>
    /// <param name="group">Its name or id.</param>
    /// <param name="values">The settings to change, or all of them.</param>
    /// <param name="replace">Drops the settings that <paramref name="values"/> does not name.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<ConfigurationGroup> SetAsync(string group, IReadOnlyDictionary<string, object?> values, bool replace,
        CancellationToken cancellationToken);

    /// <summary>Deletes a group that no instance uses.</summary>
    /// <param name="group">Its name or id.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task RemoveAsync(string group, CancellationToken cancellationToken);
}
