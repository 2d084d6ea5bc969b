using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Core.Backends;

/// <summary>Clusters put into the values of K2HDKC's Helm chart, by which a release like them is made.</summary>
[FeatureName("values for Helm's chart")]
public interface IHelmValues
{
    /// <summary>The values that describe a cluster. No secret stands in them.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<JsonObject> GetValuesAsync(string cluster, CancellationToken cancellationToken);
}
