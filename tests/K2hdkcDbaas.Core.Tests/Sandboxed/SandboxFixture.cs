using System.Text.RegularExpressions;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Ring;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Configuration;
using K2hdkcDbaas.OpenStack.Glance;
using K2hdkcDbaas.OpenStack.Nova;
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

    internal static NodeTemplate Small =>
        new()
        {
            Image = new Reference(SandboxNames.Image),
            Flavor = new Reference(SandboxNames.Flavor),
            Networks = [new Reference(SandboxNames.Network)]
        };

    private protected virtual SandboxOptions Options => new() { Speed = 10 };

    public async ValueTask InitializeAsync()
    {
        _sandbox = await SandboxHost.StartAsync(Options, CancellationToken.None);
        _session = await ConnectAsync(
            new SessionOptions { Cloud = "sandbox", CloudsFile = Sandbox.CloudsFile, K2hr3Uri = Sandbox.K2hr3Url.ToString() });
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

    internal Task<IDbaasSession> ConnectAsync(SessionOptions options, Dictionary<string, string>? variables = null,
        IRingControl? rings = null)
    {
        var cloud = new CloudEnvironment
        {
            Variable = name => variables?.GetValueOrDefault(name),
            CurrentFolder = _home["."],
            HomeFolder = _home["home"]
        };
        return new SessionFactory(new SessionEnvironment(cloud, _home["etc"]), TimeProvider.System, rings, null)
            .ConnectAsync(options, Observer, CancellationToken.None);
    }

    /// <summary>A way past the flows to the cloud, as a person of the same project has it.</summary>
    internal OpenStackConnection Cloud(string user = "demo", string project = "demo") => new(new CloudSettings
    {
        AuthUrl = Sandbox.AuthUrl,
        Credential = new PasswordCredential { UserName = user, DomainId = "default", Password = Sandbox.Password },
        Scope = new ProjectScope { ProjectName = project, DomainId = "default" },
    });

    /// <summary>Boots a server that is no node.</summary>
    internal static async Task<string> BootAsync(OpenStackConnection cloud, string name, string group,
        Dictionary<string, string>? metadata = null)
    {
        var image = await cloud.Image.ListAsync(new ImageFilter { Name = SandboxNames.Image }, CancellationToken.None).FirstAsync();
        var flavor = await cloud.Compute.Flavors.ListAsync(CancellationToken.None).FirstAsync(f => f.Name == SandboxNames.Flavor);
        var network = await cloud.Network.Networks.ListAsync(SandboxNames.Network, CancellationToken.None).FirstAsync();
        var made = await cloud.Compute.Servers.CreateAsync(new NewServer
        {
            Name = name,
            FlavorId = flavor.Id,
            ImageId = image.Id,
            Networks = [new ServerNetwork { NetworkId = network.Id }],
            SecurityGroups = [group],
            Metadata = metadata,
        }, CancellationToken.None);
        while ((await cloud.Compute.Servers.GetAsync(made.Id, CancellationToken.None)).Status == "BUILD") await Task.Delay(20);
        return made.Id;
    }

    /// <summary>The Kubernetes API past all that is tested here, with the rights of an administrator.</summary>
    internal async Task<HttpClient> OperatorAsync()
    {
        var token = Regex.Match(await File.ReadAllTextAsync(Sandbox.KubeconfigFile), @"name: alt\s+user:\s+token: (\S+)").Groups[1].Value;
        var http = new HttpClient(
            new HttpClientHandler
            {
                ServerCertificateCustomValidationCallback =
                HttpClientHandler.DangerousAcceptAnyServerCertificateValidator
            })
        { BaseAddress = Sandbox.Endpoint("kubernetes") };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return http;
    }

    /// <summary>Posts what no client of ours does.</summary>
    internal async Task PostAsync(OpenStackConnection cloud, string service, string path, object body)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("X-Auth-Token", (await cloud.AuthenticateAsync(CancellationToken.None)).Value);
        using var content =
            new StringContent(System.Text.Json.JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri(Sandbox.Endpoint(service), path), content);
        answer.EnsureSuccessStatusCode();
    }

    internal async Task NothingIsLeftAsync()
    {
        var k2hr3 = await Session.GetK2hr3Async(CancellationToken.None);
        foreach (var kind in new[] { K2hr3.ListKind.Resource, K2hr3.ListKind.Policy, K2hr3.ListKind.Role })
            Assert.Empty(await k2hr3.Lists.GetAsync(kind, null, true, CancellationToken.None));
        Assert.Equal(["default"],
            await Session.Feature<ICloudCatalog>().GetSecurityGroupsAsync(null, CancellationToken.None).Select(g => g.Name).ToListAsync());
        using var cloud = Cloud();
        Assert.Empty(await cloud.Compute.Servers.ListAsync(null, CancellationToken.None).ToListAsync());
    }

    internal string Calls(bool changesOnly = false) =>
        string.Join('\n',
            Sandbox.Calls.All.Where(c => !changesOnly || c.IsChange).Select(c => $"{c.Service} {c.Method} {c.Path}{c.Query}"));
}
