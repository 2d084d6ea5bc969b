using System.Diagnostics;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Kubernetes;
using k8s;
using k8s.Models;

[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace K2hdkcDbaas.KubernetesLife.Tests;

/// <summary>
/// Clusters of pods, lived through Core. K2HDKCDBAAS_TEST_LAB is the program that restarts its API server.
/// </summary>
public sealed class ClusterLifeTests : LifeTest
{
    [Fact]
    public async Task A_whole_life()
    {
        await using var session = await ConnectAsync();
        var backend = session.Clusters;
        var made = await backend.CreateClusterAsync(new NewCluster("web") { ServerCount = 2, SlaveCount = 1 }, Waiting, Ct);
        Assert.Equal((2, 1, Space), (made.ServerCount, made.SlaveCount, made.Project));
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
        await Behind.CoreV1.CreateNamespacedResourceQuotaAsync(new V1ResourceQuota
        {
            Metadata = new V1ObjectMeta { Name = "few" },
            Spec = new V1ResourceQuotaSpec
            {
                Hard = new Dictionary<string, ResourceQuantity> { ["count/statefulsets.apps"] = new("1") },
            },
        }, Space, cancellationToken: Ct);
        // The quota holds when its use is known.
        async Task<V1ResourceQuota> QuotaAsync() =>
            await Behind.CoreV1.ReadNamespacedResourceQuotaAsync("few", Space, cancellationToken: Ct);
        while ((await QuotaAsync()).Status?.Used is not { Count: > 0 }) await Task.Delay(50, Ct);
        var e = await Assert.ThrowsAnyAsync<DbaasException>(
            () => session.Clusters.CreateClusterAsync(new NewCluster("web") { ServerCount = 1, SlaveCount = 1 }, Waiting, Ct));
        Assert.Equal(ErrorKind.QuotaExceeded, e.Kind);
        Assert.Empty(await session.Clusters.GetClustersAsync("*", Ct).ToListAsync(Ct));
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_pod_lost_in_the_middle_is_waited_for_and_leaves_no_line()
    {
        const string First = "svrpod-web-0";
        await using var session = await ConnectAsync();
        var backend = session.Clusters;
        var creating = backend.CreateClusterAsync(new NewCluster("web") { ServerCount = 3 }, Waiting, Ct);
        async Task<List<ClusterNode>> NodesAsync() => await backend.GetNodesAsync("web", null, null, Ct).ToListAsync(Ct);
        async Task<V1Pod?> PodAsync() =>
            (await Behind.CoreV1.ListNamespacedPodAsync(Space, cancellationToken: Ct)).Items.FirstOrDefault(p => p.Name() == First);
        while (await PodAsync() is null) await Task.Delay(50, Ct);
        // As with its host: without a word to K2HR3.
        await Behind.CoreV1.DeleteNamespacedPodAsync(First, Space, gracePeriodSeconds: 0, cancellationToken: Ct);
        var made = await creating;
        Assert.Equal(3, made.Nodes.Count);
        Assert.All(made.Nodes, n => Assert.Equal(("Running", true), (n.Status, n.Registered)));

        // An eviction, as in a drain; the same removal finishes.
        var former = (await PodAsync())!.Uid();
        var removing = backend.RemoveNodesAsync("web", NodeRole.Server, ["svrpod-web-2"], Waiting, Ct);
        await Behind.CoreV1.CreateNamespacedPodEvictionAsync(new V1Eviction { Metadata = new V1ObjectMeta { Name = First } }, First, Space,
            cancellationToken: Ct);
        await removing;
        while (await NodesAsync() is var nodes && (nodes.Exists(n => n is not { Status: "Running", Registered: true })
            || nodes.Find(n => n.Name == First)?.Id == former)) await Task.Delay(100, Ct);
        Assert.Equal([First, "svrpod-web-1"], (await NodesAsync()).Select(n => n.Name));
        await backend.RemoveClusterAsync("web", Waiting, Ct);
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

    private async Task NothingIsLeftAsync()
    {
        var selector = ClusterObjects.Selector("web");
        // Pods of a deleted StatefulSet go a little later.
        while ((await Behind.CoreV1.ListNamespacedPodAsync(Space, labelSelector: selector, cancellationToken: Ct)).Items.Count > 0)
            await Task.Delay(100, Ct);
        Assert.Empty((await Behind.CoreV1.ListNamespacedSecretAsync(Space, labelSelector: selector, cancellationToken: Ct)).Items);
        Assert.Empty((await Behind.CoreV1.ListNamespacedConfigMapAsync(Space, labelSelector: selector, cancellationToken: Ct)).Items);
        Assert.Empty((await Behind.CoreV1.ListNamespacedServiceAsync(Space, labelSelector: selector, cancellationToken: Ct)).Items);
        Assert.Empty((await Behind.AppsV1.ListNamespacedStatefulSetAsync(Space, labelSelector: selector, cancellationToken: Ct)).Items);
        // A claim stays until its volume is let go.
        Assert.DoesNotContain(
            (await Behind.CoreV1.ListNamespacedPersistentVolumeClaimAsync(Space, labelSelector: selector, cancellationToken: Ct)).Items,
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
