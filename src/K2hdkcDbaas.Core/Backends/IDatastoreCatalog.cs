using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Core.Backends;

/// <summary>The kinds and versions of databases that the service offers.</summary>
[FeatureName("datastores")]
public interface IDatastoreCatalog
{
    /// <summary>Finds datastores of any kind, with their versions.</summary>
    /// <param name="pattern">Name or id, or a pattern for names; null for all.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    IAsyncEnumerable<Datastore> GetDatastoresAsync(string? pattern, CancellationToken cancellationToken);
}
