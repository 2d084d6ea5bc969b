using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Core.Backends;

/// <summary>What a cloud offers to nodes. Speaks to OpenStack alone, never to K2HR3.</summary>
[FeatureName("images, flavors and networks to choose from")]
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

    /// <summary>The names of the availability zones that take servers.</summary>
    /// <param name="cancellationToken">Stops the search.</param>
    Task<IReadOnlyList<string>> GetAvailabilityZonesAsync(CancellationToken cancellationToken);
}
