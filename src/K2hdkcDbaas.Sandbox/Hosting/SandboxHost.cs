using K2hdkcDbaas.Sandbox.Kubernetes;
using K2hdkcDbaas.Sandbox.Kubernetes.Pods;
using K2hdkcDbaas.Sandbox.Nodes;

namespace K2hdkcDbaas.Sandbox;

/// <summary>
/// A whole cloud on loopback: Keystone, Nova, Glance, Neutron, Trove, K2HR3 and a Kubernetes API, each on a free port. Dispose it to end
/// everything.
/// </summary>
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
        KubeconfigFile = Path.Combine(directory, "kubeconfig");
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

    /// <summary>
    /// Path of the kubeconfig with the contexts sandbox (all rights, namespace demo), sandbox-admin, sandbox-alt (a token) and
    /// sandbox-reader (may look into demo).
    /// </summary>
    public string KubeconfigFile { get; }

    /// <summary>Faults of pods.</summary>
    public PodFaults PodFaults => State.Kubernetes.Faults;

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
        State.Endpoints.ToDictionary(e => e.Key, e => e.Value.ToString().TrimEnd('/')), KubeconfigFile);

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
            await host.ListenAsync("admin",
                ServiceListener.StartAsync(app => Admin.AdminEndpoint.Configure(app, state), ct)).ConfigureAwait(false);
            await File.WriteAllTextAsync(host.CloudsFile, CloudsYaml.Write(host.AuthUrl, options.Password, host.State.Endpoints),
                ct).ConfigureAwait(false);
            await WriteKubeconfigAsync(host, state, ct).ConfigureAwait(false);
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
        State.Endpoints.TryGetValue(service, out var uri)
            ? uri
            : throw new ArgumentException($"The sandbox has no service '{service}'.", nameof(service));

    /// <summary>Sets a quota; the services refuse what goes over it in their own ways.</summary>
    /// <param name="project">Name or id of the project, for example demo.</param>
    /// <param name="service">nova, neutron or trove.</param>
    /// <param name="resource">The service's name of the quota: instances, cores, security_group, volumes ...</param>
    /// <param name="limit">How many; -1 is no limit.</param>
    /// <exception cref="ArgumentException">The project, service or resource is unknown.</exception>
    public void SetQuota(string project, string service, string resource, int limit) =>
        Quotas.Set(State, project, service, resource, limit);

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
        else
        {
            File.Delete(CloudsFile);
            File.Delete(KubeconfigFile);
        }
    }

    /// <summary>Breaks the connections of all watches of the Kubernetes API that run now.</summary>
    public void CutWatches() => State.Kubernetes.Watches.Cut();

    /// <summary>Forgets the history of Kubernetes objects, as etcd's compaction does: watches and lists from before get 410 Gone.</summary>
    public void CompactKubernetes() => State.Kubernetes.Store.Compact();

    private static async Task WriteKubeconfigAsync(SandboxHost host, SandboxState state, CancellationToken ct)
    {
        var text = Kubeconfig.Write(state.Endpoints["kubernetes"], state.Kubernetes.Authority, state.Kubernetes.Authentication);
        // It holds keys.
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new StreamWriter(host.KubeconfigFile, options);
        await using (file.ConfigureAwait(false)) await file.WriteAsync(text.AsMemory(), ct).ConfigureAwait(false);
    }

    private async Task ListenAsync(string name, Task<ServiceListener> starting)
    {
        var listener = await starting.ConfigureAwait(false);
        _listeners.Add(listener);
        State.Endpoints[name] = listener.Address;
    }
}
