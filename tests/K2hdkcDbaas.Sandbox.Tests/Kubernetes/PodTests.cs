using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Pods;

namespace K2hdkcDbaas.Sandbox.Tests.Kubernetes;

/// <summary>Pods between their creation and their end, and what can go wrong with them.</summary>
public sealed class PodTests
{
    private const string Pods = "/api/v1/namespaces/demo/pods";

    private static string Waiting(JsonNode pod) => Kube.Word(pod["status"]!["containerStatuses"]?[0]?["state"]?["waiting"], "reason");

    private static bool IsReady(JsonNode pod) =>
        pod["status"]!["conditions"]?.AsArray().Any(c => Kube.Word(c, "type") == "Ready" && Kube.Word(c, "status") == "True") == true;

    [Theory]
    [InlineData(PodFaultKind.ImagePull, "ImagePullBackOff")]
    [InlineData(PodFaultKind.CrashLoop, "CrashLoopBackOff")]
    public async Task A_fault_shows_as_the_reason_and_goes_with_the_fault(PodFaultKind kind, string reason)
    {
        await using var kube = await Kube.StartAsync(speed: 60);
        kube.Host.PodFaults.Add(new PodFault(kind, "demo", "p*"));
        await kube.MustAsync("POST", Pods, Kube.Pod("p1"));
        await kube.UntilAsync(Pods + "/p1", p => Waiting(p) == reason);
        kube.Host.PodFaults.Clear();
        await kube.UntilAsync(Pods + "/p1", IsReady);
    }

    [Fact]
    public async Task What_has_no_node_says_why()
    {
        await using var kube = await Kube.StartAsync();
        await kube.MustAsync("POST", Pods,
            Kube.Pod("big").Replace("\"image\"", "\"resources\": {\"requests\": {\"memory\": \"100Gi\"}}, \"image\"",
                StringComparison.Ordinal));
        var pod = await kube.UntilAsync(Pods + "/big", p => p["status"]!["conditions"] is not null);
        var condition = pod["status"]!["conditions"]![0];
        Assert.Equal(("Pending", "PodScheduled", "False", "Unschedulable"),
            (Kube.Word(pod, "status", "phase"), Kube.Word(condition, "type"), Kube.Word(condition, "status"),
                Kube.Word(condition, "reason")));
        Assert.StartsWith("0/3 nodes are available: 3 Insufficient memory.", Kube.Word(condition, "message"), StringComparison.Ordinal);
        var events = (await kube.GetAsync("/api/v1/namespaces/demo/events?fieldSelector=involvedObject.name%3Dbig")).Body!;
        Assert.Contains(events["items"]!.AsArray(), e => Kube.Word(e, "reason") == "FailedScheduling");
    }

    [Fact]
    public async Task A_pod_waits_for_its_secret()
    {
        await using var kube = await Kube.StartAsync();
        await kube.MustAsync("POST", Pods, Kube.Pod("p", """, "volumes": [{"name": "v", "secret": {"secretName": "later"}}]"""));
        await kube.UntilAsync("/api/v1/namespaces/demo/events",
            l => l["items"]!.AsArray().Any(e => Kube.Word(e, "reason") == "FailedMount"));
        Assert.Equal("ContainerCreating", Waiting((await kube.GetAsync(Pods + "/p")).Body!));
        await kube.MustAsync("POST", "/api/v1/namespaces/demo/secrets", """{"metadata": {"name": "later"}}""");
        await kube.UntilAsync(Pods + "/p", IsReady);
    }

    [Fact]
    public async Task A_deleted_pod_ends_within_its_grace_period_and_a_slow_one_uses_it_up()
    {
        await using var kube = await Kube.StartAsync(speed: 60);
        kube.Host.PodFaults.Add(new PodFault(PodFaultKind.SlowStop, null, "slow"));
        await kube.MustAsync("POST", Pods, Kube.Pod("slow"));
        await kube.UntilAsync(Pods + "/slow", IsReady);
        var deleted = await kube.MustAsync("DELETE", Pods + "/slow");
        Assert.Equal(30, Kube.Number(deleted, "metadata", "deletionGracePeriodSeconds"));
        var start = kube.Host.Clock.GetUtcNow();
        await kube.GoneAsync(Pods + "/slow");
        Assert.True(kube.Host.Clock.GetUtcNow() - start >= TimeSpan.FromSeconds(25));
        await kube.MustAsync("POST", Pods, Kube.Pod("forced"));
        await kube.UntilAsync(Pods + "/forced", IsReady);
        await kube.SendAsync("DELETE", Pods + "/forced?gracePeriodSeconds=0");
        Assert.Equal(404, (await kube.GetAsync(Pods + "/forced")).Status);
    }

    [Fact]
    public async Task Logs_are_what_the_container_wrote_and_name_what_is_missing()
    {
        await using var kube = await Kube.StartAsync();
        await kube.MustAsync("POST", Pods,
            Kube.Pod("p").Replace("\"image\"", "\"command\": [\"sh\", \"-c\", \"echo one; echo two; sleep infinity\"], \"image\"",
                StringComparison.Ordinal));
        await kube.UntilAsync(Pods + "/p", IsReady);
        Assert.Equal("one\ntwo\n", (await kube.GetAsync(Pods + "/p/log")).Text);
        Assert.Equal("two\n", (await kube.GetAsync(Pods + "/p/log?tailLines=1")).Text);
        Assert.Equal((400, "container x is not valid for pod p"),
            ((await kube.GetAsync(Pods + "/p/log?container=x")).Status, (await kube.GetAsync(Pods + "/p/log?container=x")).Error));
        Assert.Equal(501, (await kube.SendAsync("POST", Pods + "/p/exec?command=ls")).Status);
    }
}
