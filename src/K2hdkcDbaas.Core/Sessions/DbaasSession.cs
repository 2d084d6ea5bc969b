using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Configuration;
using K2hdkcDbaas.OpenStack.Keystone;

namespace K2hdkcDbaas.Core.Sessions;

/// <summary>The one kind of session; see <see cref="IDbaasSession"/>.</summary>
internal sealed class DbaasSession : IDbaasSession
{
    private readonly OpenStackConnection? _cloud;
    private readonly K2hr3Access _k2hr3;
    private readonly KeystoneToken? _token;
    private readonly BackendSet _backends;

    public DbaasSession(SessionPlan plan, OpenStackConnection? cloud, K2hr3Access k2hr3, KeystoneToken? token, BackendSet backends)
    {
        _cloud = cloud;
        _k2hr3 = k2hr3;
        _token = token;
        _backends = backends;
        Name = plan.Name;
        Cloud = plan.Cloud?.Name;
        AuthUrl = plan.Cloud?.AuthUrl;
        Region = plan.Cloud?.Region;
        Authentication = plan.Cloud?.Credential switch
        {
            PasswordCredential => "Password",
            OpenStack.Configuration.ApplicationCredential => "ApplicationCredential",
            TokenCredential => "Token",
            _ => backends.Default.Authentication ?? "K2hr3",
        };
        K2hr3Uri = plan.K2hr3Uri;
        Tenant = plan.Tenant;
    }

    /// <inheritdoc/>
    public string Name { get; set; }

    /// <inheritdoc/>
    public string? Cloud { get; }

    /// <inheritdoc/>
    public Uri? AuthUrl { get; }

    /// <inheritdoc/>
    public string? Project => _token?.ProjectName;

    /// <inheritdoc/>
    public string? ProjectId => _token?.ProjectId;

    /// <inheritdoc/>
    public string? User => _token?.UserName;

    /// <inheritdoc/>
    public string? Region { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Regions => [.. _token?.Catalog.Regions ?? []];

    /// <inheritdoc/>
    public string Authentication { get; }

    /// <inheritdoc/>
    public string Backend => _backends.Default.Name;

    /// <inheritdoc/>
    public IReadOnlyList<IClusterBackendProvider> Providers => _backends.Providers;

    /// <inheritdoc/>
    public Uri? K2hr3Uri { get; }

    /// <inheritdoc/>
    public string? Tenant { get; }

    /// <inheritdoc/>
    public DateTimeOffset? ExpiresAt => (_cloud?.Token ?? _token)?.ExpiresAt;

    /// <inheritdoc/>
    public bool IsClosed { get; private set; }

    /// <inheritdoc/>
    public IClusterBackend Clusters => GetBackend(null);

    /// <inheritdoc/>
    public IClusterBackend GetBackend(string? name)
    {
        NeedOpen();
        return _backends.Get(name);
    }

    /// <inheritdoc/>
    public T Feature<T>(string? backend = null)
        where T : class
    {
        NeedOpen();
        return _backends.Feature<T>(backend);
    }

    /// <inheritdoc/>
    public Task<K2hr3Client> GetK2hr3Async(CancellationToken cancellationToken)
    {
        NeedOpen();
        return _k2hr3.ClientAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (IsClosed) return;
        IsClosed = true;
        await _backends.DisposeAsync().ConfigureAwait(false);
        _k2hr3.Dispose();
        _cloud?.Dispose();
    }

    /// <inheritdoc/>
    public void NeedOpen()
    {
        if (IsClosed)
            throw new DbaasException(ErrorKind.NotFound, ErrorIds.SessionClosed, $"Session '{Name}' is closed.",
                "Open a new one with Connect-K2hdkcDbaas.")
            { Target = Name };
    }
}
