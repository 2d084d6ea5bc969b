namespace K2hdkcDbaas.Sandbox.Tests.Kubernetes;

/// <summary>The real kubectl against the sandbox.</summary>
public sealed class KubectlTests
{
    [Fact]
    public async Task Applies_waits_scales_looks_and_deletes()
    {
        await using var kube = await Kube.StartAsync();
        var kubectl = RealProgram.Find("kubectl", kube);
        var set = Kube.StatefulSet("s", 2).Replace("\"image\"", "\"command\": [\"sh\", \"-c\", \"echo hello; sleep infinity\"], \"image\"", StringComparison.Ordinal);
        Assert.Contains("statefulset.apps/s created", await kubectl.RunAsync(set, ["apply", "-f", "-"]), StringComparison.Ordinal);
        await kubectl.RunAsync("rollout", "status", "sts/s", "--timeout=120s");
        Assert.Matches(@"s-1\s+1/1\s+Running\s+0", await kubectl.RunAsync("get", "pods"));
        Assert.Equal("hello\n", await kubectl.RunAsync("logs", "s-0"));
        Assert.Contains("unchanged", await kubectl.RunAsync(set, ["apply", "-f", "-"]), StringComparison.Ordinal);
        Assert.Contains("configured", await kubectl.RunAsync(set.Replace("\"replicas\": 2", "\"replicas\": 1", StringComparison.Ordinal), ["apply", "-f", "-"]), StringComparison.Ordinal);
        await kubectl.RunAsync("wait", "--for=delete", "pod/s-1", "--timeout=120s");
        await kubectl.RunAsync("scale", "sts/s", "--replicas=2");
        await kubectl.RunAsync("set", "image", "sts/s", "c=busybox:2");
        await kubectl.RunAsync("rollout", "status", "sts/s", "--timeout=120s");
        Assert.Equal("yes\n", await kubectl.RunAsync("auth", "can-i", "create", "pods"));
        Assert.Contains("demo", await kubectl.RunAsync("auth", "whoami"), StringComparison.Ordinal);
        await kubectl.RunAsync("delete", "sts", "s", "--wait=true", "--timeout=120s");
        await kube.UntilAsync("/api/v1/namespaces/demo/pods", l => !Kube.Names(l).Any());
    }

    [Fact]
    public async Task Applies_on_the_servers_side_and_meets_conflicts()
    {
        await using var kube = await Kube.StartAsync();
        var kubectl = RealProgram.Find("kubectl", kube);
        const string Map = """{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": {"a": "1"}}""";
        await kubectl.RunAsync(Map, ["apply", "--server-side", "-f", "-"]);
        await kubectl.RunAsync(Map.Replace("\"1\"", "\"2\"", StringComparison.Ordinal), ["apply", "--server-side", "--field-manager=other", "--force-conflicts", "-f", "-"]);
        Assert.Equal("2", Kube.Word((await kube.GetAsync("/api/v1/namespaces/demo/configmaps/m")).Body, "data", "a"));
        Assert.Contains("replicas", await kubectl.RunAsync("explain", "statefulset.spec"), StringComparison.Ordinal);
    }
}
