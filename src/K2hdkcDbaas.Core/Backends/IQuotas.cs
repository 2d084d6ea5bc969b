using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Core.Backends;

/// <summary>What the project may have and has, by the rules of the service that runs the nodes.</summary>
[FeatureName("quotas")]
public interface IQuotas
{
    /// <summary>Reads limits and use.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<IReadOnlyList<Quota>> GetQuotasAsync(CancellationToken cancellationToken);
}
