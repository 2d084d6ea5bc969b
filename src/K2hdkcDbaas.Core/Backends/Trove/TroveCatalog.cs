using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.OpenStack;

namespace K2hdkcDbaas.Core.Backends.Trove;

/// <summary>What Trove offers and allows.</summary>
internal sealed class TroveCatalog(OpenStackConnection cloud) : IDatastoreCatalog, IQuotas
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<Datastore> GetDatastoresAsync(string? pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = new NamePattern(pattern);
        foreach (var store in await cloud.Database.Datastores.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!wanted.Fits(store.Name) && !wanted.Fits(store.Id)) continue;
            yield return new Datastore(store.Id, store.Name)
            {
                DefaultVersion = store.Versions.FirstOrDefault(v => v.Id == store.DefaultVersion)?.Name ?? store.DefaultVersion,
                Versions = [.. store.Versions.Select(v => v.Name)],
            };
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Quota>> GetQuotasAsync(CancellationToken cancellationToken)
    {
        var project = (await cloud.AuthenticateAsync(cancellationToken).ConfigureAwait(false)).ProjectId ?? "";
        var quotas = await cloud.Database.Limits.GetQuotasAsync(project, cancellationToken).ConfigureAwait(false);
        return
        [
            .. quotas.OrderBy(q => q.Resource, StringComparer.Ordinal)
                .Select(q => new Quota(TroveProvider.EngineName, q.Resource, q.Limit) { InUse = q.InUse, Reserved = q.Reserved }),
        ];
    }
}
