using K2hdkcDbaas.Protocol.Configuration;

namespace K2hdkcDbaas.Core.Backends;

/// <summary>
/// The way into rings that a plain configuration does not open from outside: certificates that only the engine keeps, addresses that only
/// it reaches.
/// </summary>
[FeatureName("way of its own into rings")]
public interface IRingAccess
{
    /// <summary>Adds to a ring's configuration what this host needs to reach it.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="ring">The configuration as a slave of the cluster reads it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<RingConfiguration> EquipAsync(string cluster, RingConfiguration ring, CancellationToken cancellationToken);
}
