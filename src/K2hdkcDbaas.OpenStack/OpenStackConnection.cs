using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack.Configuration;
using K2hdkcDbaas.OpenStack.Glance;
using K2hdkcDbaas.OpenStack.Keystone;
using K2hdkcDbaas.OpenStack.Neutron;
using K2hdkcDbaas.OpenStack.Nova;
using K2hdkcDbaas.OpenStack.Trove;
using K2hdkcDbaas.OpenStack.Wire;

namespace K2hdkcDbaas.OpenStack;

/// <summary>
/// One session with one cloud: its login, its request path and the clients of its services. Thread-safe; sends nothing until used.
/// </summary>
public sealed class OpenStackConnection : IDisposable
{
    private readonly HttpConnection _http;
    private readonly KeystoneSession _session;

    /// <summary>Makes a session; nothing is sent.</summary>
    /// <param name="settings">The cloud, who logs in, and where the services are.</param>
    /// <param name="observer">Told of every request and retry; null for no trace.</param>
    /// <param name="time">The clock of expiries and waits; null for the system's.</param>
    /// <param name="transport">What carries the requests; null for sockets.</param>
    /// <param name="redactor">Masks secrets; give the same one to the K2HR3 client of the session. Null for one of its own.</param>
    public OpenStackConnection(CloudSettings settings, IHttpObserver? observer = null, TimeProvider? time = null,
        HttpMessageHandler? transport = null, Redactor? redactor = null)
    {
        Settings = settings;
        _http = new HttpConnection(settings.Http, observer, time, transport, redactor);
        _session = new KeystoneSession(_http, settings);
        Identity = HttpConnection.Service<ITokens>(_session.Way, IdentityJson.Bodies);
        Compute = new ComputeClient(Way("compute", "v2.1", new NovaErrors()));
        Image = HttpConnection.Service<IImages>(Way("image", "v2", new GlanceErrors()), ImageJson.Bodies);
        Network = new NetworkClient(Way("network", "v2.0", new NeutronErrors()));
        Database = new DatabaseClient(Way("database", "v1.0", new TroveErrors()));
    }

    /// <summary>What the session was made of.</summary>
    public CloudSettings Settings { get; }

    /// <summary>Keystone.</summary>
    internal ITokens Identity { get; }

    /// <summary>Nova.</summary>
    public ComputeClient Compute { get; }

    /// <summary>Glance.</summary>
    internal IImages Image { get; }

    /// <summary>Neutron.</summary>
    public NetworkClient Network { get; }

    /// <summary>Trove.</summary>
    public DatabaseClient Database { get; }

    /// <summary>Masks this session's secrets in any text.</summary>
    public Redactor Redactor => _http.Redactor;

    /// <summary>The token in use; null before the first login and while a refused one is being replaced.</summary>
    public KeystoneToken? Token => _session.Current;

    /// <summary>Logs in now, or gives the token that is still good.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ServiceException">Keystone refuses or cannot be reached.</exception>
    /// <exception cref="Errors.DbaasException">RegionNotFound: the catalogue has no service in the session's region.</exception>
    public async Task<KeystoneToken> AuthenticateAsync(CancellationToken cancellationToken)
    {
        var token = await _session.GetAsync(cancellationToken).ConfigureAwait(false);
        if (Settings.Region is { } region) token.Catalog.RequireRegion(region);
        return token;
    }

    /// <summary>Ends the token at Keystone, if there is one. Not for a token that was given: that is its owner's to end.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task RevokeAsync(CancellationToken cancellationToken) =>
        _session.CanRenew ? _session.RevokeAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Closes the connections; the token stays good until it ends.</summary>
    public void Dispose()
    {
        _session.Dispose();
        _http.Dispose();
    }

    private HttpClient Way(string serviceType, string version, ErrorMap errors)
    {
        return _http.Client(errors, AddressAsync, _session.HeaderName, _session);

        async Task<Uri> AddressAsync(CancellationToken cancellationToken)
        {
            var token = await _session.GetAsync(cancellationToken).ConfigureAwait(false);
            var found = _session.Endpoint(serviceType, ServiceAddresses.VersionIn(version)!, token);
            return serviceType == "database"
                ? ServiceAddresses.OfProject(found, token)
                : ServiceAddresses.WithVersion(found, serviceType, version);
        }
    }
}
