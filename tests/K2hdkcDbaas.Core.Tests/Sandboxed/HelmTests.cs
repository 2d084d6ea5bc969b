using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Ring;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Kubernetes;
using K2hdkcDbaas.Tests.Support;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>Clusters that are releases of a Helm chart, on the sandbox's Kubernetes; what changes them needs the real helm.</summary>
public sealed class HelmTests : HelmTest
{
    private const string Token = "unscoped-token-that-nobody-may-see";

    private const string Slaves = """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: slvpod-web}
        spec: {replicas: 1, serviceName: slvsvc-web, selector: {matchLabels: {app: web}}, template: {spec: {containers: [
          {name: slvupdate-web}, {name: slvchmpx-web, image: "chmpx:0"}, {name: slvlost-web}]}}}
        """;

    [Fact]
    public async Task Releases_are_read_from_their_Secrets_without_helm()
    {
        await using var other = await SessionAsync("Kubernetes");
        await other.Clusters.CreateClusterAsync(new NewCluster("web") { ServerCount = 1, SlaveCount = 1 }, Waiting, CancellationToken.None);
        using var http = await OperatorAsync();
        foreach (var set in (string[])["svrpod-web", "slvpod-web"])
            await SendAsync(http, HttpMethod.Patch, $"/apis/apps/v1/namespaces/demo/statefulsets/{set}",
                """{"metadata":{"labels":{"app.kubernetes.io/managed-by":"Helm"},"annotations":{"meta.helm.sh/release-name":"mine"}}}""");
        await PutReleaseAsync(http, "mine", 1, "superseded", "web", servers: 2);
        await PutReleaseAsync(http, "mine", 2, "deployed", "web", servers: 1);
        await PutReleaseAsync(http, "half", 1, "failed", "", servers: 3);
        await PutSecretAsync(http, "sh.helm.release.v1.torn.v1", "torn", 1, "deployed", "no release at all"u8.ToArray());

        await using var session = await SessionAsync(helm: "/nosuch/helm");
        var backend = session.Clusters;
        var found = await backend.GetClustersAsync("*", CancellationToken.None).ToListAsync();
        Assert.Equal(["half", "web"], found.Select(c => c.Name));
        Assert.Equal(("Helm", ClusterStatus.Ready, 1, 1, null),
            (found[1].Backend, found[1].Status, found[1].ServerCount, found[1].SlaveCount, found[1].StatusDetail));
        Assert.Equal(ClusterStatus.Incomplete, found[0].Status);
        Assert.Contains("is failed: a Job did not end", found[0].StatusDetail, StringComparison.Ordinal);
        Assert.Contains("stateful set svrpod-half", found[0].MissingParts);
        Assert.Equal("svrpod-web-0",
            Assert.Single(await backend.GetNodesAsync("web", NodeRole.Server, null, CancellationToken.None).ToListAsync()).Name);

        await SendAsync(http, HttpMethod.Patch, "/apis/apps/v1/namespaces/demo/statefulsets/slvpod-web", """{"spec":{"replicas":2}}""");
        Assert.Contains("slvpod-web has 2 pods, and its release wants 1",
            (await backend.GetClusterAsync("web", CancellationToken.None)).StatusDetail, StringComparison.Ordinal);
        var releases = backend.Feature<IHelmReleases>()!;
        Assert.Equal([(2, "deployed", 1), (1, "superseded", 2)],
            (await releases.GetRevisionsAsync("web", CancellationToken.None)).Select(r => (r.Revision, r.Status, r.ServerCount!.Value)));
        Assert.Equal(["spec.replicas: 2 for 1", "spec.template.spec.containers[slvchmpx-web].image: antpickax/chmpx:1.0.110 for chmpx:0",
            "spec.template.spec.containers[slvlost-web]: nothing for there"],
            (await releases.GetDriftAsync("web", CancellationToken.None)).Select(d => d.ToString()[23..]).Order(StringComparer.Ordinal));

        foreach (var act in new Func<Task>[]
        {
            () => backend.AddNodesAsync(new NewNodes("web", NodeRole.Server, new NodeTemplate()), Waiting, CancellationToken.None),
            () => backend.RemoveClusterAsync("web", Waiting, CancellationToken.None),
        })
        {
            var e = await Assert.ThrowsAnyAsync<DbaasException>(act);
            Assert.Equal((HelmErrorIds.HelmNotFound, ErrorKind.InvalidInput), (e.ErrorId, e.Kind));
            Assert.Contains("-HelmPath", e.NextStep, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(Token, string.Join('\n', Observer.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v4.2.3", "ssa", true)]
    [InlineData("v4.2.3", "csa", false)]
    [InlineData("v3.17.2", "ssa", false)]
    public async Task Helm_4_is_told_to_set_what_others_have_changed(string version, string method, bool isForced)
    {
        await using var session = await ReleasedAsync(version, method);
        await session.Clusters.Feature<IHelmReleases>()!.RestoreAsync("web", 1, Waiting, CancellationToken.None);
        await session.Clusters.AddNodesAsync(new NewNodes("web", NodeRole.Slave, new NodeTemplate()), Quietly, CancellationToken.None);
        var calls = await File.ReadAllLinesAsync(Path.Combine(Path.GetDirectoryName(Chart)!, "calls"));
        Assert.Equal(["rollback", "upgrade"], calls.Select(c => c.Split(' ')[0]).Where(c => c != "version"));
        Assert.All(calls.Where(c => !c.StartsWith("version", StringComparison.Ordinal)),
            c => Assert.Equal(isForced, c.Contains("--server-side=true --force-conflicts", StringComparison.Ordinal)));
        Assert.InRange(calls.Count(c => c.StartsWith("version", StringComparison.Ordinal)), 0, 1);
    }

    [Fact]
    public async Task Another_program_is_no_helm()
    {
        await using var session = await ReleasedAsync("Client: v2.17", "ssa");
        var e = await Assert.ThrowsAnyAsync<DbaasException>(
            () => session.Clusters.Feature<IHelmReleases>()!.RestoreAsync("web", 1, Waiting, CancellationToken.None));
        Assert.Equal(HelmErrorIds.HelmNotFound, e.ErrorId);
        Assert.Contains("Client: v2.17", e.Message, StringComparison.Ordinal);
    }

    // Helm sets back what others have changed, without a merge, whatever it was called for.
    [Fact]
    public async Task A_change_that_would_take_server_pods_away_is_refused()
    {
        await using var session = await ReleasedAsync("v4.2.3", "ssa", servers: 2);
        Task Grow(NodeRole role, bool force) => session.Clusters.AddNodesAsync(new NewNodes("web", role, new NodeTemplate()),
            new Flows.FlowOptions { Force = force, Observer = Observer }, CancellationToken.None);
        var fewer = await Assert.ThrowsAnyAsync<DbaasException>(() => Grow(NodeRole.Slave, false));
        Assert.Equal(ErrorIds.DataAtRisk, fewer.ErrorId);
        Assert.Contains("wants 2 server nodes and there are 1", fewer.Message, StringComparison.Ordinal);
        Assert.Contains("Add-K2hdkcNode", fewer.NextStep, StringComparison.Ordinal);
        await Grow(NodeRole.Slave, true);

        using var http = await OperatorAsync();
        await SendAsync(http, HttpMethod.Patch, "/apis/apps/v1/namespaces/demo/statefulsets/svrpod-web",
            """{"spec":{"template":{"spec":{"terminationGracePeriodSeconds":77}}}}""");
        var other = await Assert.ThrowsAnyAsync<DbaasException>(() => Grow(NodeRole.Server, false));
        Assert.Equal(ErrorIds.DataAtRisk, other.ErrorId);
        Assert.Contains("terminationGracePeriodSeconds", other.Message, StringComparison.Ordinal);
        Assert.Contains("Get-K2hdkcHelmDrift", other.NextStep, StringComparison.Ordinal);
        var less = await Assert.ThrowsAnyAsync<DbaasException>(
            () => session.Clusters.RemoveNodesAsync("web", NodeRole.Slave, ["slvpod-web-0"], Quietly, CancellationToken.None));
        Assert.Equal(ErrorIds.DataAtRisk, less.ErrorId);
        Assert.Single(await File.ReadAllLinesAsync(Path.Combine(Path.GetDirectoryName(Chart)!, "calls")),
            c => c.StartsWith("upgrade", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cluster_of_another_tool_is_left_alone()
    {
        await using var other = await SessionAsync("Kubernetes");
        await other.Clusters.CreateClusterAsync(new NewCluster("web"), Waiting, CancellationToken.None);
        await using var session = await SessionAsync();
        Assert.Empty(await session.Clusters.GetClustersAsync("*", CancellationToken.None).ToListAsync());
        var e = await Assert.ThrowsAnyAsync<DbaasException>(() => session.Clusters.GetClusterAsync("web", CancellationToken.None));
        Assert.Contains("-Backend Kubernetes", e.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_of_pods_is_put_into_values_for_the_chart()
    {
        await using var other = await SessionAsync("Kubernetes");
        await other.Clusters.CreateClusterAsync(new NewCluster("web")
        {
            ServerCount = 3,
            Ports = new ClusterPorts { Server = 9020 },
            Nodes = new NodeTemplate { Settings = new Dictionary<string, object> { ["ChmpxImage"] = "mine/chmpx:1" } },
        }, Quietly, CancellationToken.None);
        var values = await other.Clusters.Feature<IHelmValues>()!.GetValuesAsync("web", CancellationToken.None);
        Assert.Equal(
            """{"clusterName":"web","k2hr3Tenant":"demo","server":{"port":9020,"ctlport":8021,"count":3},"slave":{"ctlport":8031}}""",
            values["dbaas"]!.ToJsonString());
        Assert.Equal("mine/chmpx:1", (string?)values["images"]!["chmpx"]!["fullImageName"]);
        Assert.Contains("clusterName: web", ValuesYaml.Write(values), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whole_life()
    {
        await using var session = await SessionAsync(helm: Helm());
        var backend = session.Clusters;
        var request = Request("web") with { ServerCount = 2, SlaveCount = 1 };

        var homeless = await Assert.ThrowsAnyAsync<DbaasException>(() => backend.CheckClusterAsync(request, CancellationToken.None));
        Assert.Contains("secret-k2hr3-ca-k2hr3", homeless.Message, StringComparison.Ordinal);
        using var http = await OperatorAsync();
        await PutAuthorityAsync(http);
        Sandbox.Calls.Clear();
        var wrong = await Assert.ThrowsAnyAsync<DbaasException>(() => backend.CreateClusterAsync(
            request with
            {
                ServerCount = 0,
                Nodes = With(request.Nodes!, "HelmValues",
                    new JsonObject { ["dbaas"] = new JsonObject { ["server"] = new JsonObject { ["count"] = "two" } } })
            },
            Waiting, CancellationToken.None));
        Assert.Equal((HelmErrorIds.HelmValuesRefused, ErrorKind.InvalidInput), (wrong.ErrorId, wrong.Kind));
        Assert.Contains("dbaas.server.count", wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Sandbox.Calls.All, c => c.Service == "kubernetes" && c.IsChange);

        var made = await backend.CreateClusterAsync(request, Waiting, CancellationToken.None);
        Assert.Equal(("web", "Helm", ClusterStatus.Ready, 2, 1), (made.Name, made.Backend, made.Status, made.ServerCount, made.SlaveCount));
        var again = await Assert.ThrowsAnyAsync<DbaasException>(
            () => backend.CreateClusterAsync(request, Waiting, CancellationToken.None));
        Assert.Equal(ErrorIds.ClusterExists, again.ErrorId);

        await using (var data = await DataConnection.OpenAsync(new ClusterRing(session, backend, "web"),
            new DataConnectionOptions { Register = true }, Observer, CancellationToken.None))
        {
            for (var i = 0; i < 60; i++)
                await data.Client.SetAsync(Key(i), Encoding.UTF8.GetBytes($"value {i}"), null, CancellationToken.None);
        }

        var added = await RingGrowth.AddAsync(session, backend, new NewNodes("web", NodeRole.Server, new NodeTemplate()), Waiting,
            CancellationToken.None);
        Assert.Equal("svrpod-web-2", Assert.Single(added).Name);
        await AllAreThereAsync(session, backend);
        var removed = await backend.RemoveNodesAsync("web", NodeRole.Server, ["svrpod-web-2"], Waiting, CancellationToken.None);
        Assert.Contains(removed, r => r is { Kind: "pod", Name: "svrpod-web-2" });
        await AllAreThereAsync(session, backend);
        Assert.Null((await backend.GetClusterAsync("web", CancellationToken.None)).StatusDetail);
        await HistoryAsync(session, http);

        var gone = await backend.RemoveClusterAsync("web", Waiting, CancellationToken.None);
        Assert.Equal(["Helm release", "config map", "secret"], gone.Select(g => g.Kind));
        Assert.Empty(await backend.GetClustersAsync("*", CancellationToken.None).ToListAsync());
        await NothingIsLeftAsync();
        Assert.DoesNotContain("unscoped", string.Join('\n', Observer.Lines), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_failed_installation_is_taken_back()
    {
        await using var session = await SessionAsync(helm: Helm());
        using var http = await OperatorAsync();
        await PutAuthorityAsync(http);
        var values = new JsonObject { ["k2hr3"] = new JsonObject { ["url"] = Sandbox.K2hr3Url.ToString(), ["unscopedToken"] = "wrong" } };
        var request = Request("web") with { ServerCount = 1 };
        var e = await Assert.ThrowsAnyAsync<DbaasException>(() => session.Clusters.CreateClusterAsync(
            request with { Nodes = With(request.Nodes!, "HelmValues", values) }, Waiting, CancellationToken.None));
        Assert.Equal(HelmErrorIds.HelmHookFailed, e.ErrorId);
        Assert.Empty(await session.Clusters.GetClustersAsync("*", CancellationToken.None).ToListAsync());
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task The_K2HR3_that_was_made_here_is_used_without_a_word_about_it()
    {
        await using var session = await SessionAsync(helm: Helm());
        var (backend, systems) = (session.Clusters, session.Feature<IK2hr3Deployments>());
        using var http = await OperatorAsync();
        await PutAuthorityAsync(http, "secret-k2hr3-ca-mine");
        await systems.CreateAsync(SmallK2hr3.Wanted(), Waiting, CancellationToken.None);
        var request = Request("web") with { ServerCount = 1, SlaveCount = 1 };
        NewCluster Asking(JsonObject k2hr3) =>
            request with { Nodes = With(request.Nodes!, "HelmValues", new JsonObject { ["k2hr3"] = k2hr3 }) };

        // What the user says wins: it is another K2HR3 that he means.
        Sandbox.Calls.Clear();
        var other = await Assert.ThrowsAnyAsync<DbaasException>(() => backend.CheckClusterAsync(
            Asking(new JsonObject { ["api"] = new JsonObject { ["baseName"] = "r3api-k2hr3" } }), CancellationToken.None));
        Assert.Contains("'secret-k2hr3-ca-k2hr3'", other.Message, StringComparison.Ordinal);
        Assert.Contains("New-K2hr3Deployment", other.NextStep, StringComparison.Ordinal);
        await backend.CheckClusterAsync(Asking(new JsonObject { ["clusterName"] = "mine" }), CancellationToken.None);
        await backend.CheckClusterAsync(Asking([]), CancellationToken.None);
        Assert.DoesNotContain(Sandbox.Calls.All, c => c.Service == "kubernetes" && c.IsChange);

        // A creation that fails takes back what it has made.
        using var api = new KubernetesConnection(new KubernetesSettings { Kubeconfig = Sandbox.KubeconfigFile }, null, TimeProvider.System);
        var failed = await Assert.ThrowsAnyAsync<DbaasException>(() => backend.CreateClusterAsync(
            Asking(new JsonObject { ["unscopedToken"] = "wrong" }), Waiting, CancellationToken.None));
        Assert.Contains("Rolled back: secret secret-k2hr3-ca-k2hr3", failed.Message, StringComparison.Ordinal);
        Assert.Null(await api.GetSecretAsync("secret-k2hr3-ca-k2hr3", CancellationToken.None));

        await backend.CreateClusterAsync(Asking([]), Waiting, CancellationToken.None);
        Assert.Contains(Observer.Lines, l => l.Contains("Made secret secret-k2hr3-ca-k2hr3.", StringComparison.Ordinal));
        Assert.Equal("https://svc-r3api.demo.svc.cluster.local:443",
            (await api.GetSetAsync("web", true, CancellationToken.None))!.K2hr3Uri);
        var (kept, made) = (await api.GetSecretAsync("secret-k2hr3-ca-key", CancellationToken.None),
            await api.GetSecretAsync("secret-k2hr3-ca-k2hr3", CancellationToken.None));
        Assert.Equal(kept!["tls.crt"], made!["demo.svc.cluster.local_CA.crt"]);
        Assert.Equal(kept["tls.key"], made["demo.svc.cluster.local_CA.key"]);

        await backend.RemoveClusterAsync("web", Waiting, CancellationToken.None);
        var gone = await systems.RemoveAsync("k2hr3", Waiting, CancellationToken.None);
        Assert.Contains(gone, g => g is { Kind: "secret", Name: "secret-k2hr3-ca-k2hr3" });
        Assert.Null(await api.GetSecretAsync("secret-k2hr3-ca-k2hr3", CancellationToken.None));
        Assert.NotNull(await api.GetSecretAsync("secret-k2hr3-ca-mine", CancellationToken.None));
    }

    // Of a release of two servers that has grown and shrunk again.
    private async Task HistoryAsync(IDbaasSession session, HttpClient http)
    {
        var releases = session.Clusters.Feature<IHelmReleases>()!;
        var revisions = await releases.GetRevisionsAsync("web", CancellationToken.None);
        Assert.Equal([(3, "deployed", 2), (2, "superseded", 3), (1, "superseded", 2)],
            revisions.Select(r => (r.Revision, r.Status, r.ServerCount!.Value)));
        Assert.Empty(await releases.GetDriftAsync("web", CancellationToken.None));
        var risky = await Assert.ThrowsAnyAsync<DbaasException>(
            () => releases.RestoreAsync("web", 2, Waiting, CancellationToken.None));
        Assert.Equal(ErrorIds.DataAtRisk, risky.ErrorId);
        Assert.Contains("Add-K2hdkcNode", risky.NextStep, StringComparison.Ordinal);
        var none = await Assert.ThrowsAnyAsync<DbaasException>(() => releases.RestoreAsync("web", 9, Waiting, CancellationToken.None));
        Assert.Equal(HelmErrorIds.HelmReleaseNotFound, none.ErrorId);

        await SendAsync(http, HttpMethod.Patch, "/apis/apps/v1/namespaces/demo/statefulsets/slvpod-web", """{"spec":{"replicas":2}}""");
        var drift = Assert.Single(await releases.GetDriftAsync("web", CancellationToken.None));
        Assert.Equal(("StatefulSet", "slvpod-web", "spec.replicas", "1", "2"),
            (drift.Kind, drift.Name, drift.Path, drift.Expected, drift.Actual));
        var back = await releases.RestoreAsync("web", 1, Waiting, CancellationToken.None);
        Assert.Equal((4, "deployed", 2), (back.Revision, back.Status, back.ServerCount));
        Assert.Empty(await releases.GetDriftAsync("web", CancellationToken.None));

        var values = (await session.Clusters.Feature<IHelmValues>()!.GetValuesAsync("web", CancellationToken.None)).ToJsonString();
        Assert.Contains("\"k2hr3Tenant\":\"demo\"", values, StringComparison.Ordinal);
        Assert.DoesNotContain("unscopedToken", values, StringComparison.Ordinal);
    }

    // A cluster of one server and one slave that Helm says it has made, and in helm's place a script that writes down its arguments.
    private async Task<IDbaasSession> ReleasedAsync(string version, string method, int servers = 1)
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("The script in helm's place is one of a Unix shell.");
        await using (var other = await SessionAsync("Kubernetes"))
            await other.Clusters.CreateClusterAsync(new NewCluster("web") { ServerCount = 1, SlaveCount = 1 }, Waiting,
                CancellationToken.None);
        using var http = await OperatorAsync();
        foreach (var set in (string[])["svrpod-web", "slvpod-web"])
            await SendAsync(http, HttpMethod.Patch, $"/apis/apps/v1/namespaces/demo/statefulsets/{set}",
                """{"metadata":{"labels":{"app.kubernetes.io/managed-by":"Helm"},"annotations":{"meta.helm.sh/release-name":"web"}}}""");
        var manifest = $$$"""
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: svrpod-web}
            spec: {replicas: {{{servers}}}, serviceName: svrsvc-web, selector: {matchLabels: {app: web}}, template: {spec:
              {terminationGracePeriodSeconds: 120} } }
            """;
        await SendAsync(http, HttpMethod.Patch, "/apis/apps/v1/namespaces/demo/statefulsets/svrpod-web",
            """{"spec":{"template":{"spec":{"terminationGracePeriodSeconds":120}}}}""");
        await PutReleaseAsync(http, "web", 1, "superseded", "web", servers, method, manifest);
        await PutReleaseAsync(http, "web", 2, "deployed", "web", servers, method, manifest);
        var script = Path.Combine(Path.GetDirectoryName(Chart)!, "helm");
        // Written by another process: a file that this one has open for writing, or a child it forks meanwhile, cannot be run.
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("sh",
            [
                "-c",
                """
                printf '#!/bin/sh\necho "$*" >> "%s/calls"\ncase $1 in version) echo "%s" ;; esac\n' "$1" "$2" > "$0"
                chmod 700 "$0"
                """,
                script, Path.GetDirectoryName(Chart)!, version]))!;
        await shell.WaitForExitAsync();
        return await SessionAsync(helm: script);
    }

    private static byte[] Key(int i) => Encoding.UTF8.GetBytes($"key-{i * 7919}");

    private static byte[] Packed(object record)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) JsonSerializer.Serialize(gzip, record);
        return Encoding.ASCII.GetBytes(Convert.ToBase64String(packed.ToArray()));
    }

    private async Task AllAreThereAsync(IDbaasSession session, IClusterBackend backend)
    {
        await using var data = await DataConnection.OpenAsync(new ClusterRing(session, backend, "web"),
            new DataConnectionOptions { Register = true }, Observer, CancellationToken.None);
        for (var i = 0; i < 60; i++)
            Assert.Equal($"value {i}",
                Encoding.UTF8.GetString((await data.Client.GetAsync(Key(i), null, CancellationToken.None)).Value.Span));
    }

    private static Task PutReleaseAsync(HttpClient http, string name, int revision, string status, string cluster, int servers,
        string method = "csa", string manifest = Slaves) =>
        PutSecretAsync(http, $"sh.helm.release.v1.{name}.v{revision}", name, revision, status, Packed(new
        {
            name,
            version = revision,
            apply_method = method,
            info = new
            {
                first_deployed = "2026-01-02T03:04:05Z",
                last_deployed = "2026-01-02T03:04:05Z",
                status,
                description = "a Job did not end"
            },
            chart = SmallChart.Record("web", "demo"),
            config = new
            {
                dbaas = new { clusterName = cluster, server = new { count = servers }, slave = new { count = 1 } },
                k2hr3 = new { unscopedToken = Token },
            },
            manifest,
        }));

    private static Task PutSecretAsync(HttpClient http, string secret, string release, int revision, string status, byte[] data) =>
        SendAsync(http, HttpMethod.Post, "/api/v1/namespaces/demo/secrets", JsonSerializer.Serialize(new
        {
            apiVersion = "v1",
            kind = "Secret",
            type = "helm.sh/release.v1",
            metadata = new { name = secret, labels = new { owner = "helm", name = release, status, version = $"{revision}" } },
            data = new { release = Convert.ToBase64String(data) },
        }));

}
