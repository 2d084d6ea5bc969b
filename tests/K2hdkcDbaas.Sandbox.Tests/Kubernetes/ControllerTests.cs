namespace K2hdkcDbaas.Sandbox.Tests.Kubernetes;

/// <summary>What the controllers make of objects.</summary>
public sealed class ControllerTests
{
    private const string Pods = "/api/v1/namespaces/demo/pods";
    private const string Sets = "/apis/apps/v1/namespaces/demo/statefulsets";
    private const string Claims = "/api/v1/namespaces/demo/persistentvolumeclaims";
    private const string ClaimTemplate =
        """, "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}]""";

    [Fact]
    public async Task A_stateful_set_grows_and_shrinks_in_order_and_keeps_its_claims()
    {
        await using var kube = await Kube.StartAsync();
        await kube.MustAsync("POST", Sets, Kube.StatefulSet("s", 3, ClaimTemplate));
        await kube.ReadyAsync("s", 3);
        var pods = (await kube.GetAsync(Pods)).Body!;
        Assert.Equal(["s-0", "s-1", "s-2"], Kube.Names(pods));
        var times = pods["items"]!.AsArray()
            .Select(p => p!["status"]!["conditions"]!.AsArray().Single(c => Kube.Word(c, "type") == "Ready"))
            .Select(c => Kube.Word(c, "lastTransitionTime")).ToList();
        Assert.Equal(times.Order(StringComparer.Ordinal), times);
        Assert.All(pods["items"]!.AsArray(), p => Assert.Matches(@"^127\.", Kube.Word(p, "status", "podIP")));
        Assert.Equal(["data-s-0", "data-s-1", "data-s-2"], Kube.Names((await kube.GetAsync(Claims)).Body!));
        await kube.MustAsync("PATCH", Sets + "/s/scale", """{"spec": {"replicas": 1}}""", Kube.Merge);
        await kube.GoneAsync(Pods + "/s-1");
        Assert.Equal(404, (await kube.GetAsync(Pods + "/s-2")).Status);
        Assert.Equal(3, Kube.Names((await kube.GetAsync(Claims)).Body!).Count());
        await kube.MustAsync("DELETE", Sets + "/s", """{"propagationPolicy": "Foreground"}""");
        await kube.GoneAsync(Sets + "/s");
        Assert.Empty(Kube.Names((await kube.GetAsync(Pods)).Body!));
    }

    [Fact]
    public async Task A_rolling_update_goes_down_to_its_partition()
    {
        await using var kube = await Kube.StartAsync();
        await kube.MustAsync("POST", Sets,
            Kube.StatefulSet("s", 3,
                """, "podManagementPolicy": "Parallel", "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 1}}"""));
        await kube.ReadyAsync("s", 3);
        await kube.MustAsync("PATCH", Sets + "/s",
            """{"spec": {"template": {"spec": {"containers": [{"name": "c", "image": "busybox:2"}]}}}}""", Kube.Strategic);
        var set = await kube.UntilAsync(Sets + "/s",
            s => Kube.Number(s, "status", "updatedReplicas") == 2 && Kube.Number(s, "status", "readyReplicas") == 3);
        Assert.NotEqual(Kube.Word(set, "status", "currentRevision"), Kube.Word(set, "status", "updateRevision"));
        var images = (await kube.GetAsync(Pods)).Body!["items"]!.AsArray().Select(p => Kube.Word(p!["spec"]!["containers"]![0], "image"));
        Assert.Equal(["busybox:1", "busybox:2", "busybox:2"], images);
        await kube.MustAsync("PATCH", Sets + "/s", """{"spec": {"updateStrategy": {"rollingUpdate": {"partition": 0}}}}""", Kube.Merge);
        await kube.UntilAsync(Sets + "/s", s => Kube.Word(s, "status", "currentRevision") == Kube.Word(s, "status", "updateRevision"));
    }

    [Fact]
    public async Task A_deleted_pod_of_a_set_comes_back_under_its_name()
    {
        await using var kube = await Kube.StartAsync();
        await kube.MustAsync("POST", Sets, Kube.StatefulSet("s", 1));
        await kube.ReadyAsync("s", 1);
        var before = Kube.Word((await kube.GetAsync(Pods + "/s-0")).Body, "metadata", "uid");
        await kube.MustAsync("DELETE", Pods + "/s-0");
        await kube.UntilAsync(Pods + "/s-0",
            p => Kube.Word(p, "metadata", "uid") != before
                && p["status"]!["conditions"]?.AsArray()
                    .Any(c => Kube.Word(c, "type") == "Ready" && Kube.Word(c, "status") == "True") == true);
    }

    [Fact]
    public async Task A_deployment_rolls_to_a_new_replica_set()
    {
        await using var kube = await Kube.StartAsync();
        const string Deployments = "/apis/apps/v1/namespaces/demo/deployments";
        var body = Kube.StatefulSet("d", 2).Replace("StatefulSet", "Deployment", StringComparison.Ordinal)
            .Replace("\"serviceName\": \"d\", ", "", StringComparison.Ordinal);
        await kube.MustAsync("POST", Deployments, body);
        await kube.UntilAsync(Deployments + "/d", d => Kube.Number(d, "status", "availableReplicas") == 2);
        await kube.MustAsync("PATCH", Deployments + "/d",
            """{"spec": {"template": {"spec": {"containers": [{"name": "c", "image": "busybox:2"}]}}}}""", Kube.Strategic);
        var done = await kube.UntilAsync(Deployments + "/d",
            d => Kube.Number(d, "status", "updatedReplicas") == 2 && Kube.Number(d, "status", "replicas") == 2
                && Kube.Number(d, "status", "availableReplicas") == 2 && Kube.Number(d, "status", "observedGeneration") == 2);
        Assert.Equal("2", Kube.Word(done, "metadata", "annotations", "deployment.kubernetes.io/revision"));
        var sets = (await kube.GetAsync("/apis/apps/v1/namespaces/demo/replicasets")).Body!["items"]!.AsArray();
        Assert.Equal([0, 2], sets.Select(s => Kube.Number(s, "spec", "replicas")).Order());
    }

    [Theory]
    [InlineData("echo ok", "Complete", 1)]
    [InlineData("exit 3", "Failed", 2)]
    public async Task A_job_ends_complete_or_after_its_tries(string script, string condition, int pods)
    {
        await using var kube = await Kube.StartAsync(speed: 60);
        const string Jobs = "/apis/batch/v1/namespaces/demo/jobs";
        const string Job = """
            {"metadata": {"name": "j"}, "spec": {"backoffLimit": 1, "template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "a:1", "command": ["sh", "-c", "SCRIPT"]}]}}}}
            """;
        await kube.MustAsync("POST", Jobs, Job.Replace("SCRIPT", script, StringComparison.Ordinal));
        var job = await kube.UntilAsync(Jobs + "/j", j => j["status"]!["conditions"] is not null);
        Assert.Contains(job["status"]!["conditions"]!.AsArray(), c => Kube.Word(c, "type") == condition);
        Assert.Equal(pods, Kube.Names((await kube.GetAsync(Pods + "?labelSelector=job-name%3Dj")).Body!).Count());
        if (condition == "Failed") Assert.Equal("BackoffLimitExceeded", Kube.Word(job["status"]!["conditions"]![0], "reason"));
    }

    [Fact]
    public async Task A_finished_job_goes_after_its_time_to_live()
    {
        await using var kube = await Kube.StartAsync(speed: 60);
        const string Jobs = "/apis/batch/v1/namespaces/demo/jobs";
        await kube.MustAsync("POST", Jobs,
            """{"metadata": {"name": "j"}, "spec": {"ttlSecondsAfterFinished": 30, "template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "a:1"}]}}}}""");
        await kube.GoneAsync(Jobs + "/j");
        await kube.UntilAsync(Pods, l => !Kube.Names(l).Any());
    }

    [Fact]
    public async Task A_headless_service_has_the_ready_pods_as_its_endpoints()
    {
        await using var kube = await Kube.StartAsync();
        await kube.MustAsync("POST", "/api/v1/namespaces/demo/services",
            """{"metadata": {"name": "s"}, "spec": {"clusterIP": "None", "selector": {"app": "s"}, "ports": [{"name": "p", "port": 8020}]}}""");
        await kube.MustAsync("POST", Sets, Kube.StatefulSet("s", 2));
        var endpoints =
            await kube.UntilAsync("/api/v1/namespaces/demo/endpoints/s", e => e["subsets"]?[0]?["addresses"]?.AsArray().Count == 2);
        Assert.Equal(["s-0", "s-1"], endpoints["subsets"]![0]!["addresses"]!.AsArray().Select(a => Kube.Word(a, "hostname")).Order());
        Assert.Equal(8020, Kube.Number(endpoints["subsets"]![0]!["ports"]![0], "port"));
    }

    [Fact]
    public async Task A_disruption_budget_stops_evictions()
    {
        await using var kube = await Kube.StartAsync();
        await kube.MustAsync("POST", Sets, Kube.StatefulSet("s", 2));
        await kube.MustAsync("POST", "/apis/policy/v1/namespaces/demo/poddisruptionbudgets",
            """{"metadata": {"name": "b"}, "spec": {"minAvailable": 2, "selector": {"matchLabels": {"app": "s"}}}}""");
        await kube.ReadyAsync("s", 2);
        await kube.UntilAsync("/apis/policy/v1/namespaces/demo/poddisruptionbudgets/b",
            b => Kube.Number(b, "status", "currentHealthy") == 2);
        const string Eviction = """{"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "s-0", "namespace": "demo"}}""";
        var refused = await kube.SendAsync("POST", Pods + "/s-0/eviction", Eviction);
        Assert.Equal((429, "Cannot evict pod as it would violate the pod's disruption budget."), (refused.Status, refused.Error));
        await kube.MustAsync("PATCH", "/apis/policy/v1/namespaces/demo/poddisruptionbudgets/b", """{"spec": {"minAvailable": 1}}""",
            Kube.Merge);
        await kube.UntilAsync("/apis/policy/v1/namespaces/demo/poddisruptionbudgets/b",
            b => Kube.Number(b, "status", "disruptionsAllowed") == 1);
        Assert.Equal(201, (await kube.SendAsync("POST", Pods + "/s-0/eviction", Eviction)).Status);
    }

    [Fact]
    public async Task A_deleted_namespace_takes_everything_along()
    {
        await using var kube = await Kube.StartAsync();
        await kube.MustAsync("POST", "/api/v1/namespaces", """{"metadata": {"name": "n"}}""");
        await kube.UntilAsync("/api/v1/namespaces/n/serviceaccounts/default", _ => true);
        await kube.MustAsync("POST", "/apis/apps/v1/namespaces/n/statefulsets", Kube.StatefulSet("s", 1, ClaimTemplate));
        await kube.ReadyAsync("s", 1, "n");
        await kube.MustAsync("DELETE", "/api/v1/namespaces/n");
        await kube.GoneAsync("/api/v1/namespaces/n");
        Assert.Empty(Kube.Names((await kube.GetAsync("/api/v1/pods")).Body!));
        await kube.UntilAsync("/api/v1/persistentvolumes", l => !Kube.Names(l).Any());
    }

    [Fact]
    public async Task Orphaning_leaves_the_pods_and_a_new_set_takes_them()
    {
        await using var kube = await Kube.StartAsync();
        await kube.MustAsync("POST", Sets, Kube.StatefulSet("s", 1));
        await kube.ReadyAsync("s", 1);
        var uid = Kube.Word((await kube.GetAsync(Pods + "/s-0")).Body, "metadata", "uid");
        await kube.SendAsync("DELETE", Sets + "/s?propagationPolicy=Orphan");
        await kube.GoneAsync(Sets + "/s");
        await kube.MustAsync("POST", Sets, Kube.StatefulSet("s", 1));
        await kube.ReadyAsync("s", 1);
        Assert.Equal(uid, Kube.Word((await kube.GetAsync(Pods + "/s-0")).Body, "metadata", "uid"));
    }
}
