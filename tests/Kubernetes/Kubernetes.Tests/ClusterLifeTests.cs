using System.Diagnostics;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Kubernetes;
using K2hdkcDbaas.Sandbox;
using k8s;
using k8s.Models;

[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace K2hdkcDbaas.KubernetesLife.Tests;

/// <summary>
/// Clusters of pods, lived through Core on the Kubernetes of K2HDKCDBAAS_TEST_KUBECONFIG, whose pods register themselves in K2HR3 and run
/// nothing else. K2HR3 is the sandbox's. K2HDKCDBAAS_TEST_LAB is the program that restarts its API server.
/// </summary>
public sealed class ClusterLifeTests : IAsyncLifetime
{
    // No ring runs in these pods, so nodes come and go the plain way.
    private static readonly FlowOptions Waiting = new() { Wait = true, Force = true, Timeout = TimeSpan.FromMinutes(3) };

    private readonly string _space = "life-" + Guid.NewGuid().ToString("N")[..8];
    private SandboxHost _sandbox = null!;
    private k8s.Kubernetes _behind = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable("K2HDKCDBAAS_TEST_" + name) is { Length: > 0 } value ? value : null;

    public async ValueTask InitializeAsync()
    {
        if (Variable("KUBECONFIG") is not { } kubeconfig)
        {
            Assert.Skip("K2HDKCDBAAS_TEST_KUBECONFIG names no kubeconfig");
            return;
        }
        _sandbox = await SandboxHost.StartAsync(new SandboxOptions { Guests = false }, Ct);
        _behind = new k8s.Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig));
        await _behind.CoreV1.CreateNamespaceAsync(
            new V1Namespace { Metadata = new V1ObjectMeta { Name = _space } }, cancellationToken: Ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_sandbox is null) return;
        await _behind.CoreV1.DeleteNamespaceAsync(_space, cancellationToken: CancellationToken.None);
        _behind.Dispose();
        await _sandbox.DisposeAsync();
    }

    [Fact]
    public async Task A_whole_life()
    {
        await using var session = await ConnectAsync();
        var backend = session.Clusters;
        var made = await backend.CreateClusterAsync(new NewCluster("web") { ServerCount = 2, SlaveCount = 1 }, Waiting, Ct);
        Assert.Equal((2, 1, _space), (made.ServerCount, made.SlaveCount, made.Project));
        Assert.All(made.Nodes, n => Assert.Equal(("Running", true), (n.Status, n.Registered)));
        var again = await Assert.ThrowsAsync<DbaasException>(
            () => backend.CreateClusterAsync(new NewCluster("web") { ServerCount = 2 }, Waiting, Ct));
        Assert.Equal(Core.ErrorIds.ClusterExists, again.ErrorId);
        Assert.Equal(ClusterStatus.Ready, Assert.Single(await backend.GetClustersAsync("*", Ct).ToListAsync(Ct)).Status);

        Assert.Equal("svrpod-web-2",
            Assert.Single(await backend.AddNodesAsync(new NewNodes("web", NodeRole.Server, new NodeTemplate()), Waiting, Ct)).Name);
        Assert.Equal("slvpod-web-1",
            Assert.Single(await backend.AddNodesAsync(new NewNodes("web", NodeRole.Slave, new NodeTemplate()), Waiting, Ct)).Name);
        var gone = await backend.RemoveNodesAsync("web", NodeRole.Server, ["svrpod-web-2"], Waiting, Ct);
        Assert.Contains(gone, g => g is { Kind: "pod", Name: "svrpod-web-2" });
        Assert.Equal(["slvpod-web-0", "slvpod-web-1", "svrpod-web-0", "svrpod-web-1"],
            (await backend.GetNodesAsync("web", null, null, Ct).ToListAsync(Ct)).Select(n => n.Name).Order(StringComparer.Ordinal));

        await backend.RemoveClusterAsync("web", Waiting, Ct);
        Assert.Empty(await backend.GetClustersAsync("*", Ct).ToListAsync(Ct));
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_failed_create_takes_all_back()
    {
        await using var session = await ConnectAsync();
        await _behind.CoreV1.CreateNamespacedResourceQuotaAsync(new V1ResourceQuota
        {
            Metadata = new V1ObjectMeta { Name = "few" },
            Spec = new V1ResourceQuotaSpec
            {
                Hard = new Dictionary<string, ResourceQuantity> { ["count/statefulsets.apps"] = new("1") },
            },
        }, _space, cancellationToken: Ct);
        // The quota holds when its use is known.
        async Task<V1ResourceQuota> QuotaAsync() =>
            await _behind.CoreV1.ReadNamespacedResourceQuotaAsync("few", _space, cancellationToken: Ct);
        while ((await QuotaAsync()).Status?.Used is not { Count: > 0 }) await Task.Delay(50, Ct);
        var e = await Assert.ThrowsAnyAsync<DbaasException>(
            () => session.Clusters.CreateClusterAsync(new NewCluster("web") { ServerCount = 1, SlaveCount = 1 }, Waiting, Ct));
        Assert.Equal(ErrorKind.QuotaExceeded, e.Kind);
        Assert.Empty(await session.Clusters.GetClustersAsync("*", Ct).ToListAsync(Ct));
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_restart_of_the_API_server_in_the_middle_is_waited_out()
    {
        if (Variable("LAB") is not { } lab)
        {
            Assert.Skip("K2HDKCDBAAS_TEST_LAB names no program that restarts the API server");
            return;
        }
        await using var session = await ConnectAsync();
        var observer = new Watcher();
        var creating = session.Clusters.CreateClusterAsync(new NewCluster("web") { ServerCount = 3 }, Waiting with { Observer = observer },
            Ct);
        await observer.Waits.Task.WaitAsync(TimeSpan.FromMinutes(2), Ct);
        using (var restart = Process.Start(new ProcessStartInfo(lab, "restart"))!)
        {
            await restart.WaitForExitAsync(Ct);
            Assert.Equal(0, restart.ExitCode);
        }
        Assert.Equal(3, (await creating).ServerCount);
        await session.Clusters.RemoveClusterAsync("web", Waiting, Ct);
        await NothingIsLeftAsync();
    }

    private Task<IDbaasSession> ConnectAsync() => new SessionFactory().ConnectAsync(new SessionOptions
    {
        Backend = "Kubernetes",
        Settings = new Dictionary<string, object?> { ["Kubeconfig"] = Variable("KUBECONFIG"), ["Namespace"] = _space },
        K2hr3Uri = _sandbox.K2hr3Url.ToString(),
        K2hr3UserName = "demo",
        K2hr3Password = _sandbox.Password,
        Tenant = "demo",
    }, SilentObserver.Instance, Ct);

    private async Task NothingIsLeftAsync()
    {
        var selector = ClusterObjects.Selector("web");
        // Pods of a deleted StatefulSet go a little later.
        while ((await _behind.CoreV1.ListNamespacedPodAsync(_space, labelSelector: selector, cancellationToken: Ct)).Items.Count > 0)
            await Task.Delay(100, Ct);
        Assert.Empty((await _behind.CoreV1.ListNamespacedSecretAsync(_space, labelSelector: selector, cancellationToken: Ct)).Items);
        Assert.Empty((await _behind.CoreV1.ListNamespacedConfigMapAsync(_space, labelSelector: selector, cancellationToken: Ct)).Items);
        Assert.Empty((await _behind.CoreV1.ListNamespacedServiceAsync(_space, labelSelector: selector, cancellationToken: Ct)).Items);
        Assert.Empty((await _behind.AppsV1.ListNamespacedStatefulSetAsync(_space, labelSelector: selector, cancellationToken: Ct)).Items);
        // A claim stays until its volume is let go.
        Assert.DoesNotContain(
            (await _behind.CoreV1.ListNamespacedPersistentVolumeClaimAsync(_space, labelSelector: selector, cancellationToken: Ct)).Items,
            c => c.Metadata.DeletionTimestamp is null);
    }

    private sealed class Watcher : IFlowObserver
    {
        public TaskCompletionSource Waits { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Progress(FlowProgress progress)
        {
            if (progress.ToString().Contains("pods run", StringComparison.Ordinal)) Waits.TrySetResult();
        }

        public void Verbose(string message)
        {
        }

        public void Warning(string message)
        {
        }
    }
}
