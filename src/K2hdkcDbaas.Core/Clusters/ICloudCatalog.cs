using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Core.Clusters;

/// <summary>What a cloud offers to nodes. Speaks to OpenStack alone, never to K2HR3.</summary>
public interface ICloudCatalog
{
    /// <summary>Finds images.</summary>
    /// <param name="pattern">Name or id, or a pattern for names; null for all.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    IAsyncEnumerable<Image> GetImagesAsync(string? pattern, CancellationToken cancellationToken);

    /// <summary>Finds flavors.</summary>
    /// <param name="pattern">Name or id, or a pattern for names; null for all.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    IAsyncEnumerable<Flavor> GetFlavorsAsync(string? pattern, CancellationToken cancellationToken);

    /// <summary>Finds networks.</summary>
    /// <param name="pattern">Name or id, or a pattern for names; null for all.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    IAsyncEnumerable<Network> GetNetworksAsync(string? pattern, CancellationToken cancellationToken);

    /// <summary>Finds key pairs.</summary>
    /// <param name="pattern">Name, or a pattern; null for all.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    IAsyncEnumerable<KeyPair> GetKeyPairsAsync(string? pattern, CancellationToken cancellationToken);

    /// <summary>Finds security groups.</summary>
    /// <param name="pattern">Name or id, or a pattern for names; null for all.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    IAsyncEnumerable<SecurityGroup> GetSecurityGroupsAsync(string? pattern, CancellationToken cancellationToken);

    /// <summary>Finds Trove's datastores of any kind, with their versions.</summary>
    /// <param name="pattern">Name or id, or a pattern for names; null for all.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    IAsyncEnumerable<Datastore> GetDatastoresAsync(string? pattern, CancellationToken cancellationToken);

    /// <summary>What the project may have and has: Nova's limits, or Trove's quotas.</summary>
    /// <param name="service">Whose.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<IReadOnlyList<Quota>> GetQuotasAsync(BackendKind service, CancellationToken cancellationToken);
}
