using K2hdkcDbaas.Core.Backends.Nova;
using K2hdkcDbaas.Core.Backends.Trove;
using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Model;
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
    private readonly Dictionary<BackendKind, IClusterBackend> _backends = [];
    private readonly ConfigurationGroups _groups;
    private readonly KeystoneToken? _token;
    private readonly TroveOperations? _trove;

    public DbaasSession(SessionPlan plan, OpenStackConnection? cloud, K2hr3Access k2hr3, KeystoneToken? token, IRingControl rings, TimeProvider time)
    {
        _cloud = cloud;
        _k2hr3 = k2hr3;
        _token = token;
        Name = plan.Name;
        Cloud = plan.Cloud?.Name;
        AuthUrl = plan.Cloud?.AuthUrl;
        Region = plan.Cloud?.Region;
        Authentication = plan.Cloud?.Credential switch { PasswordCredential => "Password", OpenStack.Configuration.ApplicationCredential => "ApplicationCredential", TokenCredential => "Token", _ => "K2hr3" };
        Backend = plan.Backend;
        K2hr3Uri = plan.K2hr3Uri;
        Tenant = plan.Tenant;
        Catalog = new CloudCatalog(NeedCloud);
        _groups = new ConfigurationGroups(NeedCloud);
        if (cloud is null) return;
        var registry = new ClusterRegistry(k2hr3, time);
        var servers = new NovaBackend(cloud, registry, rings, time);
        _backends[BackendKind.OpenStack] = servers;
        var slaves = new TroveSlaves(servers, registry, new ClusterFirewall(cloud, time), time);
        _backends[BackendKind.Trove] = new TroveBackend(cloud, slaves, _groups, rings, time);
        _trove = new TroveOperations(cloud, slaves, _groups, time);
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
    public string Authentication { get; }

    /// <inheritdoc/>
    public BackendKind Backend { get; }

    /// <inheritdoc/>
    public Uri? K2hr3Uri { get; }

    /// <inheritdoc/>
    public string? Tenant { get; }

    /// <inheritdoc/>
    public DateTimeOffset? ExpiresAt => (_cloud?.Token ?? _token)?.ExpiresAt;

    /// <inheritdoc/>
    public bool IsClosed { get; private set; }

    /// <inheritdoc/>
    public IClusterBackend Clusters => GetBackend(Backend);

    /// <inheritdoc/>
    public ICloudCatalog Catalog { get; }

    /// <inheritdoc/>
    public IConfigurationGroups ConfigurationGroups => _groups;

    /// <inheritdoc/>
    public ITroveOperations Trove
    {
        get
        {
            NeedCloud();
            return _trove!;
        }
    }

    /// <inheritdoc/>
    public IClusterBackend GetBackend(BackendKind kind)
    {
        NeedCloud();
        return _backends[kind];
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
    public ValueTask DisposeAsync()
    {
        if (IsClosed) return ValueTask.CompletedTask;
        IsClosed = true;
        _k2hr3.Dispose();
        _cloud?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void NeedOpen()
    {
        if (IsClosed) throw new DbaasException(ErrorKind.NotFound, ErrorIds.SessionClosed, $"Session '{Name}' is closed.", "Open a new one with Connect-K2hdkcDbaas.") { Target = Name };
    }

    private OpenStackConnection NeedCloud()
    {
        NeedOpen();
        return _cloud ?? throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.CloudNotConfigured,
            $"Session '{Name}' is with K2HR3 alone; this needs a cloud.", "Connect with -Cloud, OS_CLOUD or the OS_* variables.");
    }
}
