using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.Sandbox;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>A sandbox of its own for each test, in this process, with its time running fast, and a session with it.</summary>
public abstract class SandboxedTest : IAsyncLifetime
{
    private readonly TemporaryFolder _home = new();
    private SandboxHost? _sandbox;
    private IDbaasSession? _session;

    internal RecordingObserver Observer { get; } = new();

    internal SandboxHost Sandbox => _sandbox!;

    internal IDbaasSession Session => _session!;

    internal IClusterBackend Backend => Session.Clusters;

    internal FlowOptions Quietly => new() { Observer = Observer };

    internal FlowOptions Waiting => new() { Observer = Observer, Wait = true, Timeout = TimeSpan.FromSeconds(30) };

    internal static NodeTemplate Small => new() { Image = new Reference(SandboxNames.Image), Flavor = new Reference(SandboxNames.Flavor), Networks = [new Reference(SandboxNames.Network)] };

    private protected virtual SandboxOptions Options => new() { Speed = 10 };

    public async ValueTask InitializeAsync()
    {
        _sandbox = await SandboxHost.StartAsync(Options, CancellationToken.None);
        _session = await ConnectAsync(new SessionOptions { Cloud = "sandbox", CloudsFile = Sandbox.CloudsFile, K2hr3Uri = Sandbox.K2hr3Url.ToString() });
        Sandbox.Calls.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is not null) await _session.DisposeAsync();
        if (_sandbox is not null) await _sandbox.DisposeAsync();
        GC.SuppressFinalize(this);
        _home.Dispose();
        Assert.Empty(_sandbox?.Problems ?? []);
    }

    internal Task<IDbaasSession> ConnectAsync(SessionOptions options, Dictionary<string, string>? variables = null)
    {
        var cloud = new CloudEnvironment { Variable = name => variables?.GetValueOrDefault(name), CurrentFolder = _home["."], HomeFolder = _home["home"] };
        return new SessionFactory(new SessionEnvironment(cloud, _home["etc"]), TimeProvider.System, null, null).ConnectAsync(options, Observer, CancellationToken.None);
    }

    internal async Task NothingIsLeftAsync()
    {
        var k2hr3 = await Session.GetK2hr3Async(CancellationToken.None);
        foreach (var kind in new[] { K2hr3.ListKind.Resource, K2hr3.ListKind.Policy, K2hr3.ListKind.Role }) Assert.Empty(await k2hr3.Lists.GetAsync(kind, null, true, CancellationToken.None));
        Assert.Equal(["default"], await Session.Catalog.GetSecurityGroupsAsync(null, CancellationToken.None).Select(g => g.Name).ToListAsync());
        using var cloud = new OpenStackConnection(new CloudSettings
        {
            AuthUrl = Sandbox.AuthUrl,
            Credential = new PasswordCredential { UserName = "demo", DomainId = "default", Password = Sandbox.Password },
            Scope = new ProjectScope { ProjectName = "demo", DomainId = "default" },
        });
        Assert.Empty(await cloud.Compute.Servers.ListAsync(null, CancellationToken.None).ToListAsync());
    }

    internal string Calls(bool changesOnly = false) =>
        string.Join('\n', Sandbox.Calls.All.Where(c => !changesOnly || c.IsChange).Select(c => $"{c.Service} {c.Method} {c.Path}{c.Query}"));
}
