using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;

namespace K2hdkcDbaas.Core.Sessions;

/// <summary>A session's way to K2HR3: made when first needed, so that whoever only looks at the cloud needs no K2HR3.</summary>
internal sealed class K2hr3Access(Func<K2hr3Client> make, string? tenant) : IDisposable
{
    private readonly Lock _lock = new();
    private K2hr3Client? _client;
    private string? _tenant;

    /// <summary>The client.</summary>
    /// <exception cref="DbaasException"><c>K2hr3NotConfigured</c> or <c>K2hr3CredentialMissing</c>.</exception>
    public Task<K2hr3Client> ClientAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock) return Task.FromResult(_client ??= make());
    }

    /// <summary>The tenant's name as K2HR3 keeps it.</summary>
    public async Task<string> TenantAsync(CancellationToken cancellationToken)
    {
        if (_tenant is { } known) return known;
        var name = tenant;
        if (name is null)
        {
            var client = await ClientAsync(cancellationToken).ConfigureAwait(false);
            var info = await client.WhoAmIAsync(cancellationToken).ConfigureAwait(false);
            name = info is { Scoped: true, Tenants: [var only] }
                ? only.Name
                : throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.K2hr3CredentialMissing,
                "K2HR3 needs a tenant, and the session has none.", "Connect with -Tenant or with a project.");
        }
        return _tenant = ClusterNames.Normal(name);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock) _client?.Dispose();
    }
}
