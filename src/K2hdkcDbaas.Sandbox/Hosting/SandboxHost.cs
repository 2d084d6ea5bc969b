using K2hdkcDbaas.Sandbox.Nodes;

namespace K2hdkcDbaas.Sandbox;

/// <summary>A whole cloud on loopback: Keystone, Nova, Glance, Neutron, Trove and K2HR3, each on a free port. Dispose it to end everything.</summary>
/// <example><code>await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions(), ct);</code></example>
public sealed class SandboxHost : IAsyncDisposable
{
    private readonly GuestAddresses _addresses;
    private readonly List<ServiceListener> _listeners = [];
    private readonly string _directory;
    private readonly bool _ownsDirectory;
    private bool _disposed;

    private SandboxHost(SandboxState state, GuestAddresses addresses, string directory, bool ownsDirectory)
    {
        State = state;
        _addresses = addresses;
        _directory = directory;
        _ownsDirectory = ownsDirectory;
        CloudsFile = Path.Combine(directory, "clouds.yaml");
    }

    /// <summary>The sandbox's time.</summary>
    public SandboxClock Clock => State.Clock;

    /// <summary>Faults to throw at requests.</summary>
    public FaultRules Faults => State.Faults;

    /// <summary>Merges of clusters' rings that are to get stuck.</summary>
    public RingFaults RingFaults => State.RingFaults;

    /// <summary>The requests received.</summary>
    public CallLog Calls => State.Calls;

    /// <summary>Failures of the sandbox itself; empty when it is well.</summary>
    public IReadOnlyList<string> Problems => State.Problems;

    /// <summary>Path of the clouds.yaml with the clouds sandbox (user demo), sandbox-admin and sandbox-alt.</summary>
    public string CloudsFile { get; }

    /// <summary>Keystone's URL with /v3, the auth_url of clouds.yaml.</summary>
    public Uri AuthUrl => new(Endpoint("keystone"), "/v3");

    /// <summary>URL of K2HR3's REST service, without /v1.</summary>
    public Uri K2hr3Url => Endpoint("k2hr3");

    /// <summary>URL of the sandbox's own controls (/sandbox/faults, /rings, /calls, /clock, /quotas).</summary>
    public Uri AdminUrl => Endpoint("admin");

    /// <summary>Password of its users.</summary>
    public string Password => State.Options.Password;

    /// <summary>What the program prints when it is ready.</summary>
    public SandboxReady Ready => new(true, Environment.ProcessId, AuthUrl.ToString(),
        State.Endpoints.ContainsKey("k2hr3") ? K2hr3Url.ToString().TrimEnd('/') : null, AdminUrl.ToString().TrimEnd('/'), CloudsFile,
        State.Endpoints.ToDictionary(e => e.Key, e => e.Value.ToString().TrimEnd('/')));

    internal SandboxState State { get; }

    /// <summary>Starts a sandbox; when this returns all its services answer and clouds.yaml is written.</summary>
    /// <param name="options">How it behaves.</param>
    /// <param name="ct">Gives up starting.</param>
    /// <exception cref="InvalidOperationException">No loopback network for guests was found.</exception>
    public static async Task<SandboxHost> StartAsync(SandboxOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        var addresses = GuestAddresses.Claim(options.GuestNetwork);
        var directory = options.Directory ?? Directory.CreateTempSubdirectory("k2hdkc-sandbox-").FullName;
        Directory.CreateDirectory(directory);
        var state = new SandboxState(options, addresses.Prefix);
        var host = new SandboxHost(state, addresses, directory, options.Directory is null);
        try
        {
            Composition.Compose(state);
            foreach (var service in state.Services)
                await host.ListenAsync(service.Name, ServiceListener.StartAsync(service, state, ct)).ConfigureAwait(false);
            await host.ListenAsync("admin", ServiceListener.StartAsync(app => Admin.AdminEndpoint.Configure(app, state), ct)).ConfigureAwait(false);
            await File.WriteAllTextAsync(host.CloudsFile, CloudsYaml.Write(host.AuthUrl, options.Password, host.State.Endpoints), ct).ConfigureAwait(false);
            return host;
        }
        catch
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Base URL of a service, without a path.</summary>
    /// <param name="service">keystone, nova, glance, neutron, trove, k2hr3 or admin.</param>
    public Uri Endpoint(string service) =>
        State.Endpoints.TryGetValue(service, out var uri) ? uri : throw new ArgumentException($"The sandbox has no service '{service}'.", nameof(service));

    /// <summary>Sets a quota; the services refuse what goes over it in their own ways.</summary>
    /// <param name="project">Name or id of the project, for example demo.</param>
    /// <param name="service">nova, neutron or trove.</param>
    /// <param name="resource">The service's name of the quota: instances, cores, security_group, volumes ...</param>
    /// <param name="limit">How many; -1 is no limit.</param>
    /// <exception cref="ArgumentException">The project, service or resource is unknown.</exception>
    public void SetQuota(string project, string service, string resource, int limit) => Quotas.Set(State, project, service, resource, limit);

    /// <summary>Moves the clock and lets the guests keep up, step by step, so that work which waits for them falls into its time.</summary>
    /// <param name="by">How far.</param>
    public async Task AdvanceAsync(TimeSpan by)
    {
        const int Steps = 20;
        for (var i = 0; i < Steps; i++)
        {
            Clock.Advance(by / Steps);
            await State.GuestsIdleAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Ends guests, services and clock, and removes the folder if the sandbox made it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        await Task.WhenAll(_listeners.Select(l => l.DisposeAsync().AsTask())).ConfigureAwait(false);
        await State.DisposeAsync().ConfigureAwait(false);
        _addresses.Dispose();
        if (_ownsDirectory) Directory.Delete(_directory, recursive: true);
        else File.Delete(CloudsFile);
    }

    private async Task ListenAsync(string name, Task<ServiceListener> starting)
    {
        var listener = await starting.ConfigureAwait(false);
        _listeners.Add(listener);
        State.Endpoints[name] = listener.Address;
    }
}
