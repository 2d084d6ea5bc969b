using System.Diagnostics.CodeAnalysis;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Configuration;
using K2hdkcDbaas.Sandbox;

[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: AssemblyFixture(typeof(K2hdkcDbaas.OpenStackLife.Tests.Lab))]

namespace K2hdkcDbaas.OpenStackLife.Tests;

/// <summary>
/// The real cloud that the flows are lived on: K2HDKCDBAAS_TEST_CLOUD (a cloud in clouds.yaml), and K2HDKCDBAAS_TEST_ADMIN_CLOUD (admin)
/// for what only its administrator sees. K2HR3 is the one of K2HDKCDBAAS_TEST_K2HR3, or the sandbox's with the cloud's Keystone behind it.
/// K2HDKCDBAAS_TEST_IMAGE and K2HDKCDBAAS_TEST_FLAVOR name what nodes are made of; without them the smallest there is.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "xUnit disposes fixtures by IAsyncLifetime.")]
public sealed class Lab : IAsyncLifetime
{
    private SandboxHost? _sandbox;
    private string? _skip;

    /// <summary>Settings of the user's cloud.</summary>
    public CloudSettings Cloud { get; private set; } = null!;

    public Uri K2hr3 { get; private set; } = null!;

    /// <summary>How long a wait for nodes may take.</summary>
    public static TimeSpan Patience => TimeSpan.FromMinutes(4);

    public async ValueTask InitializeAsync()
    {
        if (Variable("CLOUD") is not { } cloud)
        {
            _skip = "K2HDKCDBAAS_TEST_CLOUD names no cloud";
            return;
        }
        Cloud = Resolve(cloud);
        if (Variable("K2HR3") is { } url)
        {
            K2hr3 = new Uri(url);
            return;
        }
        _sandbox = await SandboxHost.StartAsync(new SandboxOptions { K2hr3Keystone = Cloud.AuthUrl, Guests = false },
            TestContext.Current.CancellationToken);
        K2hr3 = _sandbox.K2hr3Url;
    }

    public async ValueTask DisposeAsync()
    {
        if (_sandbox is not null) await _sandbox.DisposeAsync();
    }

    /// <summary>Value of K2HDKCDBAAS_TEST_NAME; null when it is not set.</summary>
    public static string? Variable(string name) =>
        Environment.GetEnvironmentVariable("K2HDKCDBAAS_TEST_" + name) is { Length: > 0 } value ? value : null;

    /// <summary>A name that no other run uses.</summary>
    public static string NewName() => "life-" + Guid.NewGuid().ToString("N")[..8];

    /// <summary>A session as a user of the module has it; skips the test where there is no cloud.</summary>
    public async Task<IDbaasSession> ConnectAsync()
    {
        SkipWithoutCloud();
        return await new SessionFactory()
            .ConnectAsync(new SessionOptions { Cloud = Variable("CLOUD"), K2hr3Uri = K2hr3.ToString() }, SilentObserver.Instance,
                TestContext.Current.CancellationToken);
    }

    /// <summary>The cloud itself, to look and to meddle behind the module's back.</summary>
    public OpenStackConnection Behind()
    {
        SkipWithoutCloud();
        return new OpenStackConnection(Cloud);
    }

    /// <summary>Begins to play the guests of servers whose names begin so.</summary>
    public static GuestPlayer PlayGuests(string prefix) => new(Resolve(Variable("ADMIN_CLOUD") ?? "admin"), prefix);

    /// <summary>What nodes are made of.</summary>
    public static async Task<NodeTemplate> NodesAsync(IDbaasSession session)
    {
        var ct = TestContext.Current.CancellationToken;
        var images = await session.Feature<ICloudCatalog>().GetImagesAsync(Variable("IMAGE"), ct).ToListAsync(ct);
        var flavors = await session.Feature<ICloudCatalog>().GetFlavorsAsync(Variable("FLAVOR"), ct).ToListAsync(ct);
        return new NodeTemplate
        {
            Image = new Reference(images.First(i => i.Status == "active")),
            Flavor = new Reference(flavors.MinBy(f => f.Ram)!)
        };
    }

    private static CloudSettings Resolve(string cloud) =>
        new CloudResolver(CloudEnvironment.Current()).Resolve(new CloudRequest { Cloud = cloud });

    private void SkipWithoutCloud()
    {
        if (_skip is not null) Assert.Skip(_skip);
    }
}
