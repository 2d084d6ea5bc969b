using System.Text;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Ring;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Kubernetes;
using K2hdkcDbaas.Sandbox;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>Clusters of pods, from their making to their end, on the sandbox's Kubernetes.</summary>
public class KubernetesTests : SandboxedTest
{
    private protected override SandboxOptions Options => new() { Speed = 10, RingMerge = K2hdkcDbaas.Sandbox.Nodes.MergeBehavior.Released };

    private Task<IDbaasSession> KubernetesAsync(string? context = null, string? access = null) => ConnectAsync(new SessionOptions
    {
        Backend = "Kubernetes",
        Settings = new Dictionary<string, object?>
        {
            ["Kubeconfig"] = Sandbox.KubeconfigFile,
            ["Context"] = context,
            ["PodAccess"] = access
        },
        K2hr3Uri = Sandbox.K2hr3Url.ToString(),
        K2hr3UserName = "demo",
        K2hr3Password = Sandbox.Password,
    });

    [Fact]
    public async Task A_whole_life()
    {
        await using var session = await KubernetesAsync();
        Assert.Equal(("Kubernetes", "Kubeconfig", "demo"), (session.Backend, session.Authentication, session.Tenant));
        var backend = session.Clusters;
        var made = await backend.CreateClusterAsync(new NewCluster("web") { ServerCount = 2, SlaveCount = 1 }, Waiting,
            CancellationToken.None);
        Assert.Equal(("web", "Kubernetes", 2, 1, "demo"), (made.Name, made.Backend, made.ServerCount, made.SlaveCount, made.Project));
        Assert.Equal(["svrpod-web-0", "svrpod-web-1", "slvpod-web-0"], made.Nodes.Select(n => n.Name));
        Assert.All(made.Nodes, n => Assert.Equal(("Running", true), (n.Status, n.Registered)));

        var again = await Assert.ThrowsAsync<DbaasException>(
            () => backend.CreateClusterAsync(new NewCluster("web") { ServerCount = 2 }, Waiting, CancellationToken.None));
        Assert.Equal(ErrorIds.ClusterExists, again.ErrorId);
        var found = Assert.Single(await backend.GetClustersAsync("w*", CancellationToken.None).ToListAsync());
        Assert.Equal((ClusterStatus.Ready, 0, null), (found.Status, found.MissingParts.Count, found.StatusDetail));

        await using (var data =
            await DataConnection.OpenAsync(new ClusterRing(session, backend, "web"), new DataConnectionOptions { Register = true },
                Observer, CancellationToken.None))
        {
            for (var i = 0; i < 200; i++)
                await data.Client.SetAsync(Key(i), Encoding.UTF8.GetBytes($"value {i}"), null, CancellationToken.None);
        }

        var added = await RingGrowth.AddAsync(session, backend, new NewNodes("web", NodeRole.Server, new NodeTemplate()) { Count = 2 },
            Waiting, CancellationToken.None);
        Assert.Equal(["svrpod-web-2", "svrpod-web-3"], added.Select(n => n.Name));
        await AllAreThereAsync(session, backend);

        var wrong = await Assert.ThrowsAsync<DbaasException>(
            () => backend.RemoveNodesAsync("web", NodeRole.Server, ["svrpod-web-0"], Waiting, CancellationToken.None));
        Assert.Contains("svrpod-web-3", wrong.NextStep, StringComparison.Ordinal);
        var removed = await backend.RemoveNodesAsync("web", NodeRole.Server, ["svrpod-web-2", "svrpod-web-3"], Waiting,
            CancellationToken.None);
        Assert.Equal(["pod svrpod-web-3", "pod svrpod-web-2"], removed.Where(r => r.Kind == "pod").Select(r => $"{r.Kind} {r.Name}"));
        Assert.Equal(2, removed.Count(r => r.Kind == "volume claim"));
        Assert.Equal(2, await backend.GetNodesAsync("web", NodeRole.Server, null, CancellationToken.None).CountAsync());
        await AllAreThereAsync(session, backend);

        var slaves = await backend.AddNodesAsync(new NewNodes("web", NodeRole.Slave, new NodeTemplate()), Waiting, CancellationToken.None);
        Assert.Equal("slvpod-web-1", Assert.Single(slaves).Name);
        var gone = await backend.RemoveClusterAsync("web", Waiting, CancellationToken.None);
        Assert.Contains(gone, g => g is { Kind: "secret", Name: "secret-web-ca" });
        Assert.Empty(await backend.GetClustersAsync("*", CancellationToken.None).ToListAsync());
        await NothingIsLeftAsync();
        var missing = await Assert.ThrowsAsync<DbaasException>(() => backend.RemoveClusterAsync("web", Waiting, CancellationToken.None));
        Assert.Equal(ErrorIds.ClusterNotFound, missing.ErrorId);
    }

    [Fact]
    public async Task Pods_are_reached_through_the_API_server_alone()
    {
        await using var session = await KubernetesAsync(access: "PortForward");
        var backend = session.Clusters;
        await backend.CreateClusterAsync(new NewCluster("web") { ServerCount = 2 }, Waiting, CancellationToken.None);
        var ring = await new ClusterRing(session, backend, "web").ReadAsync(CancellationToken.None);
        Assert.All(ring.Servers, s => Assert.Equal(("127.0.0.1", "127.0.0.1"), (s.Endpoints[0].Host, s.ControlEndpoints[0].Host)));
        await using (var data =
            await DataConnection.OpenAsync(new ClusterRing(session, backend, "web"), new DataConnectionOptions { Register = true },
                Observer, CancellationToken.None))
        {
            Assert.Equal("127.0.0.1", data.Registration!.Address);
            for (var i = 0; i < 200; i++)
                await data.Client.SetAsync(Key(i), Encoding.UTF8.GetBytes($"value {i}"), null, CancellationToken.None);
            var large = new byte[300_000];
            new Random(1).NextBytes(large);
            await data.Client.SetAsync("large"u8.ToArray(), large, null, CancellationToken.None);
            Assert.Equal(large, (await data.Client.GetAsync("large"u8.ToArray(), null, CancellationToken.None)).Value.ToArray());
        }

        await RingGrowth.AddAsync(session, backend, new NewNodes("web", NodeRole.Server, new NodeTemplate()),
            Waiting, CancellationToken.None);
        await AllAreThereAsync(session, backend);
        await backend.RemoveNodesAsync("web", NodeRole.Server, ["svrpod-web-2"], Waiting, CancellationToken.None);
        await AllAreThereAsync(session, backend);
        Assert.Contains(Sandbox.Calls.All, c => c.Path.EndsWith("/portforward", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failed_create_takes_all_back()
    {
        await using var session = await KubernetesAsync();
        Sandbox.Faults.Add(
            new()
            {
                Service = "kubernetes",
                Method = "PATCH",
                Path = "*/statefulsets/slvpod-web",
                Status = 403,
                Message = "exceeded quota: pods, requested: pods=1"
            });
        var e = await Assert.ThrowsAnyAsync<DbaasException>(
            () => session.Clusters.CreateClusterAsync(new NewCluster("web") { ServerCount = 1, SlaveCount = 1 }, Waiting,
                CancellationToken.None));
        Assert.Equal(ErrorKind.QuotaExceeded, e.Kind);
        Assert.Contains("stateful set svrpod-web", e.Message, StringComparison.Ordinal);
        Assert.Empty(await session.Clusters.GetClustersAsync("*", CancellationToken.None).ToListAsync());
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task What_is_missing_of_a_cluster_is_made()
    {
        await using var session = await KubernetesAsync();
        var backend = session.Clusters;
        Sandbox.Faults.Add(
            new() { Service = "kubernetes", Method = "PATCH", Path = "*/statefulsets/slvpod-web", Status = 403, Message = "no" });
        var kept = new Flows.FlowOptions { Observer = Observer, KeepPartial = true };
        await Assert.ThrowsAnyAsync<DbaasException>(
            () => backend.CreateClusterAsync(new NewCluster("web") { ServerCount = 1 }, kept, CancellationToken.None));
        var half = await backend.GetClusterAsync("web", CancellationToken.None);
        Assert.Equal((ClusterStatus.Incomplete, "stateful set slvpod-web"), (half.Status, Assert.Single(half.MissingParts)));
        await backend.CreateClusterAsync(new NewCluster("web") { ServerCount = 1 }, Waiting, CancellationToken.None);
        Assert.Equal(ClusterStatus.Ready, (await backend.GetClusterAsync("web", CancellationToken.None)).Status);
        await backend.RemoveClusterAsync("web", Waiting, CancellationToken.None);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Pods_that_do_not_run_are_named_with_the_reason()
    {
        await using var session = await KubernetesAsync();
        Sandbox.PodFaults.Add(new(K2hdkcDbaas.Sandbox.Kubernetes.Pods.PodFaultKind.ImagePull, null, "svrpod-web-1"));
        var brief = Waiting with { Timeout = TimeSpan.FromSeconds(4) };
        var e = await Assert.ThrowsAnyAsync<DbaasException>(
            () => session.Clusters.CreateClusterAsync(new NewCluster("web") { ServerCount = 2 }, brief, CancellationToken.None));
        Assert.Equal(ErrorIds.NodeWaitTimeout, e.ErrorId);
        Assert.Contains("svrpod-web-1 is", e.Message, StringComparison.Ordinal);
        Assert.Contains("ImagePull", e.Message, StringComparison.Ordinal);
        Assert.Contains("kubectl describe pod svrpod-web-1", e.NextStep, StringComparison.Ordinal);
        // Kubernetes tries again now and then: ErrImagePull, ImagePullBackOff.
        Assert.Matches("^1 of 2 nodes (Err)?ImagePull",
            (await session.Clusters.GetClusterAsync("web", CancellationToken.None)).StatusDetail);
        await session.Clusters.RemoveClusterAsync("web", Waiting, CancellationToken.None);
    }

    [Fact]
    public async Task A_server_out_of_service_that_holds_up_the_others_pods_is_named_before_data_moves()
    {
        await using var session = await KubernetesAsync();
        var backend = session.Clusters;
        await backend.CreateClusterAsync(new NewCluster("web") { ServerCount = 3 }, Waiting, CancellationToken.None);
        var ring = await RingController.OpenAsync(new ClusterRing(session, backend, "web"), TimeProvider.System, CancellationToken.None);
        var address = (await backend.GetNodesAsync("web", NodeRole.Server, "svrpod-web-0", CancellationToken.None).SingleAsync()).IPAddress;
        var node = ring.Nodes.Single(n => n.Name == address);
        await ring.DisableAsync(node, Waiting, CancellationToken.None);

        var brief = Waiting with { Timeout = TimeSpan.FromSeconds(4) };
        var e = await Assert.ThrowsAnyAsync<DbaasException>(
            () => backend.RemoveNodeAsync("web", NodeRole.Server, "svrpod-web-2", brief, CancellationToken.None));
        Assert.Equal((ErrorIds.NodeNotReady, "svrpod-web-0"), (e.ErrorId, e.Target));
        Assert.Contains("svrpod-web-2 was left as it is", e.Message, StringComparison.Ordinal);
        Assert.Contains("Enable-K2hdkcNode web svrpod-web-0", e.NextStep, StringComparison.Ordinal);
        var grown = await Assert.ThrowsAnyAsync<DbaasException>(
            () => backend.AddNodesAsync(new NewNodes("web", NodeRole.Server, new NodeTemplate()), brief, CancellationToken.None));
        Assert.Contains("svrpod-web-3 is not made yet, as svrpod-web-0 is not ready", grown.Message, StringComparison.Ordinal);

        await ring.EnableAsync(node, Waiting, CancellationToken.None);
        await backend.RemoveNodesAsync("web", NodeRole.Server, ["svrpod-web-2", "svrpod-web-3"], Waiting, CancellationToken.None);
        Assert.Equal(2, (await backend.GetClusterAsync("web", CancellationToken.None)).ServerCount);
    }

    [Fact]
    public async Task A_growth_that_is_stopped_says_what_is_left_before_it_lets_go_of_the_ring()
    {
        await using var session = await KubernetesAsync();
        var backend = session.Clusters;
        await backend.CreateClusterAsync(new NewCluster("web") { ServerCount = 2 }, Waiting, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        Task? growth = null;
        var observer = new Stopper("0 of 1 pods run", stop, () => growth?.IsCompleted == false);
        growth = RingGrowth.AddAsync(session, backend, new NewNodes("web", NodeRole.Server, new NodeTemplate()),
            Waiting with { Observer = observer }, stop.Token);
        var e = await Assert.ThrowsAsync<Flows.FlowCanceledException>(() => growth);
        Assert.Contains("pod svrpod-web-2", e.Message, StringComparison.Ordinal);
        Assert.Contains("Sync-K2hdkcRing", e.Message, StringComparison.Ordinal);
        Assert.Equal((e.Message, true), (observer.Last?.Message, observer.WasGoing));
    }

    [Fact]
    public async Task A_requests_fault_is_waited_out_and_no_secret_is_told()
    {
        await using var session = await KubernetesAsync();
        Sandbox.Faults.Add(new() { Service = "kubernetes", Method = "PATCH", Path = "*/secrets/*", Status = 429, Count = 2 });
        Sandbox.Faults.Add(new() { Service = "kubernetes", Method = "GET", Path = "*/statefulsets", Status = 503 });
        await session.Clusters.CreateClusterAsync(new NewCluster("web") { ServerCount = 1 }, Waiting, CancellationToken.None);
        var told = string.Join('\n', Observer.Lines);
        Assert.Contains("HTTP 429", told, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", told, StringComparison.Ordinal);
        await session.Clusters.RemoveClusterAsync("web", Waiting, CancellationToken.None);
    }

    [Fact]
    public async Task A_cluster_of_the_command_line_is_shown_grown_and_removed()
    {
        await using var session = await KubernetesAsync();
        var backend = session.Clusters;
        await backend.CreateClusterAsync(new NewCluster("web") { ServerCount = 1, SlaveCount = 1 }, Waiting, CancellationToken.None);
        using var files = new TemporaryFolder();
        // What that tool does not leave: its authority's key in Kubernetes, and marks in K2HR3.
        using (var api =
            new KubernetesConnection(new KubernetesSettings { Kubeconfig = Sandbox.KubeconfigFile }, null, TimeProvider.System))
        {
            var authority = await api.GetSecretAsync("secret-web-ca", CancellationToken.None);
            await File.WriteAllBytesAsync(files["ca.crt"], authority!["tls.crt"]);
            await File.WriteAllBytesAsync(files["ca.key"], authority["tls.key"]);
            await api.DeleteAsync(ObjectKind.Secret, "secret-web-ca", CancellationToken.None);
        }

        var k2hr3 = await session.GetK2hr3Async(CancellationToken.None);
        var keys = (await k2hr3.Resources.GetAsync("web", expand: false, CancellationToken.None)).Keys!.Where(
            k => !k.Key.StartsWith("k2hdkc-dbaas-", StringComparison.Ordinal));
        await k2hr3.Resources.SaveAsync("web",
            new K2hr3.ResourceChange { Keys = new Dictionary<string, System.Text.Json.JsonElement>(keys) }, CancellationToken.None);
        var found = Assert.Single(await backend.GetClustersAsync("*", CancellationToken.None).ToListAsync());
        Assert.Equal((ClusterStatus.Ready, 1), (found.Status, found.ServerCount));

        var more = new NewNodes("web", NodeRole.Server, new NodeTemplate());
        var e = await Assert.ThrowsAsync<DbaasException>(
            () => RingGrowth.AddAsync(session, backend, more, Waiting, CancellationToken.None));
        Assert.Contains("DBAAS-demo.svc.cluster.local", e.NextStep, StringComparison.Ordinal);
        var given = new NodeTemplate
        {
            Settings =
            new Dictionary<string, object> { ["ClusterCaFile"] = files["ca.crt"], ["ClusterCaKeyFile"] = files["ca.key"] }
        };
        await RingGrowth.AddAsync(session, backend, more with { Template = given }, Waiting, CancellationToken.None);
        Assert.Equal(2, (await backend.GetClusterAsync("web", CancellationToken.None)).ServerCount);

        var other = CertificateAuthority.Create("other", TimeSpan.FromDays(1), TimeProvider.System);
        await File.WriteAllTextAsync(files["ca.crt"], other.Pem);
        await File.WriteAllTextAsync(files["ca.key"], other.ExportKey());
        var wrong = await Assert.ThrowsAsync<DbaasException>(
            () => backend.AddNodesAsync(more with { Template = given }, Waiting, CancellationToken.None));
        Assert.Equal(KubernetesErrorIds.AuthorityUnusable, wrong.ErrorId);

        await backend.RemoveClusterAsync("web", Waiting, CancellationToken.None);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_line_that_a_pod_left_behind_is_shown_and_removed()
    {
        await using var session = await KubernetesAsync();
        var backend = session.Clusters;
        await backend.CreateClusterAsync(new NewCluster("web") { ServerCount = 1 }, Waiting, CancellationToken.None);
        var former = await backend.GetNodesAsync("web", NodeRole.Server, null, CancellationToken.None).FirstAsync();
        using (var http = await OperatorAsync())
            (await http.DeleteAsync(new Uri("/api/v1/namespaces/demo/pods/svrpod-web-0?gracePeriodSeconds=0", UriKind.Relative)))
                .EnsureSuccessStatusCode();
        var nodes = new List<ClusterNode>();
        while (nodes.Count < 2 || nodes[0] is not { Registered: true, Status: "Running" })
        {
            await Task.Delay(50);
            nodes = await backend.GetNodesAsync("web", NodeRole.Server, null, CancellationToken.None).ToListAsync();
        }

        Assert.Equal((former.IPAddress, "GONE"), (nodes[1].IPAddress, nodes[1].Status));
        await backend.RemoveNodeAsync("web", NodeRole.Server, former.IPAddress!, Waiting, CancellationToken.None);
        Assert.Equal(nodes[0].Id,
            Assert.Single(await backend.GetNodesAsync("web", NodeRole.Server, null, CancellationToken.None).ToListAsync()).Id);
        await backend.RemoveClusterAsync("web", Waiting, CancellationToken.None);
    }

    [Fact]
    public async Task A_cluster_of_Helm_is_left_alone()
    {
        await using var session = await KubernetesAsync();
        await session.Clusters.CreateClusterAsync(new NewCluster("web") { ServerCount = 1 }, Waiting, CancellationToken.None);
        using (var http = await OperatorAsync())
        {
            using var patch =
                new StringContent(
                    """
                    {"metadata": {"labels": {"app.kubernetes.io/managed-by": "Helm"}, "annotations": {"meta.helm.sh/release-name": "mine"}}}
                    """, Encoding.UTF8, "application/merge-patch+json");
            using var answer =
                await http.PatchAsync(new Uri("/apis/apps/v1/namespaces/demo/statefulsets/svrpod-web", UriKind.Relative), patch);
            answer.EnsureSuccessStatusCode();
        }

        foreach (var act in new Func<Task>[]
        {
            () => session.Clusters.GetClusterAsync("web", CancellationToken.None),
            () => session.Clusters.AddNodesAsync(new NewNodes("web", NodeRole.Server, new NodeTemplate()), Waiting, CancellationToken.None),
            () => session.Clusters.RemoveNodesAsync("web", NodeRole.Server, ["svrpod-web-0"], Waiting with { Force = true },
                CancellationToken.None),
            () => session.Clusters.RemoveClusterAsync("web", Waiting, CancellationToken.None),
        })
        {
            var e = await Assert.ThrowsAnyAsync<DbaasException>(act);
            Assert.Contains("helm upgrade mine", e.NextStep, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nodes_get_new_certificates_and_images_one_after_the_other_and_no_key_is_lost(bool inMemory)
    {
        await using var session = await KubernetesAsync();
        var backend = session.Clusters;
        var nodes = new NodeTemplate { Settings = new Dictionary<string, object> { ["InMemory"] = inMemory } };
        await backend.CreateClusterAsync(new NewCluster("web") { ServerCount = 2, SlaveCount = 1, Nodes = nodes }, Waiting,
            CancellationToken.None);
        await using (var data =
            await DataConnection.OpenAsync(new ClusterRing(session, backend, "web"), new DataConnectionOptions { Register = true },
                Observer, CancellationToken.None))
        {
            for (var i = 0; i < 200; i++)
                await data.Client.SetAsync(Key(i), Encoding.UTF8.GetBytes($"value {i}"), null, CancellationToken.None);
        }

        using var api = new KubernetesConnection(new KubernetesSettings { Kubeconfig = Sandbox.KubeconfigFile }, null, TimeProvider.System);
        var before = await api.GetSecretAsync("secret-web-certs", CancellationToken.None);
        var renewal = backend.Feature<INodeRenewal>()!;
        Assert.Equal(!inMemory, await renewal.KeepsDataAsync("web", CancellationToken.None));
        var images = new NodeTemplate
        {
            Settings = new Dictionary<string, object> { ["K2hdkcImage"] = "antpickax/k2hdkc:new", ["InitImage"] = "init:new" }
        };
        await renewal.SetImagesAsync("web", images, Waiting, CancellationToken.None);
        var all = await renewal.RenewCertificatesAsync("web", null, Waiting, CancellationToken.None);
        Assert.Equal(["slvpod-web-0", "svrpod-web-0", "svrpod-web-1"], all.Select(n => n.Name).Order(StringComparer.Ordinal));
        // Nobody has touched them yet.
        Assert.Equal(all.Select(n => n.Id).Order(StringComparer.Ordinal),
            (await backend.GetNodesAsync("web", null, null, CancellationToken.None).ToListAsync()).Select(n => n.Id)
                .Order(StringComparer.Ordinal));
        var after = await api.GetSecretAsync("secret-web-certs", CancellationToken.None);
        Assert.Equal(before!.Keys.Order(StringComparer.Ordinal), after!.Keys.Order(StringComparer.Ordinal));
        Assert.All(after.Where(a => !a.Key.EndsWith("ca.crt", StringComparison.Ordinal)), a => Assert.NotEqual(before[a.Key], a.Value));
        Assert.Equal(before["ca.crt"], after["ca.crt"]);

        var made = new List<ClusterNode>();
        await RingRenewal.RunAsync(session, backend, "web", all, Waiting, node =>
        {
            made.Add(node);
            return Task.CompletedTask;
        }, CancellationToken.None);
        Assert.Equal(["slvpod-web-0", "svrpod-web-1", "svrpod-web-0"], made.Select(n => n.Name));
        Assert.Empty(made.Select(n => n.Id).Intersect(all.Select(n => n.Id)));
        var now = await backend.GetNodesAsync("web", null, null, CancellationToken.None).ToListAsync();
        Assert.Equal(made.Select(n => n.Id).Order(StringComparer.Ordinal), now.Select(n => n.Id).Order(StringComparer.Ordinal));
        Assert.All(now, n => Assert.Equal(("Running", true), (n.Status, n.Registered)));
        var pods = await api.GetPodsAsync("web", CancellationToken.None);
        Assert.Equal("antpickax/k2hdkc:new", pods.First(p => p.Name == "svrpod-web-0").Image);
        await AllAreThereAsync(session, backend);
        await backend.RemoveClusterAsync("web", Waiting, CancellationToken.None);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task The_only_server_is_made_anew_when_its_data_outlasts_it()
    {
        await using var session = await KubernetesAsync();
        var backend = session.Clusters;
        foreach (var inMemory in (bool[])[true, false])
        {
            var nodes = new NodeTemplate { Settings = new Dictionary<string, object> { ["InMemory"] = inMemory } };
            await backend.CreateClusterAsync(new NewCluster("web") { ServerCount = 1, Nodes = nodes }, Waiting, CancellationToken.None);
            var one = await backend.GetNodesAsync("web", null, null, CancellationToken.None).ToListAsync();
            await using (var data =
                await DataConnection.OpenAsync(new ClusterRing(session, backend, "web"), new DataConnectionOptions { Register = true },
                    Observer, CancellationToken.None))
            {
                for (var i = 0; i < 200; i++)
                    await data.Client.SetAsync(Key(i), Encoding.UTF8.GetBytes($"value {i}"), null, CancellationToken.None);
            }

            Task RunAsync() => RingRenewal.RunAsync(session, backend, "web", one, Waiting, _ => Task.CompletedTask, CancellationToken.None);
            if (inMemory)
            {
                var e = await Assert.ThrowsAsync<DbaasException>(RunAsync);
                Assert.Equal(ErrorIds.DataAtRisk, e.ErrorId);
                Assert.Equal(one[0].Id, (await backend.GetNodesAsync("web", null, null, CancellationToken.None).FirstAsync()).Id);
            }
            else
            {
                await RunAsync();
            }

            await AllAreThereAsync(session, backend);
            await backend.RemoveClusterAsync("web", Waiting, CancellationToken.None);
        }
    }

    private static byte[] Key(int i) => Encoding.UTF8.GetBytes($"key-{i * 7919}");

    private async Task AllAreThereAsync(IDbaasSession session, IClusterBackend backend)
    {
        await using var data =
            await DataConnection.OpenAsync(new ClusterRing(session, backend, "web"), new DataConnectionOptions { Register = true },
                Observer, CancellationToken.None);
        for (var i = 0; i < 200; i++)
            Assert.Equal($"value {i}",
                Encoding.UTF8.GetString((await data.Client.GetAsync(Key(i), null, CancellationToken.None)).Value.Span));
    }

    private sealed class Stopper(string text, CancellationTokenSource stop, Func<bool> isGoing) : Flows.IFlowObserver
    {
        public Flows.FlowCanceledException? Last { get; private set; }

        public bool WasGoing { get; private set; }

        public void Stopped(Flows.FlowCanceledException flow) => (Last, WasGoing) = (flow, isGoing());

        public void Progress(Flows.FlowProgress progress)
        {
            if (progress.Status.Contains(text, StringComparison.Ordinal)) stop.Cancel();
        }

        public void Verbose(string message)
        {
        }

        public void Warning(string message)
        {
        }
    }
}
