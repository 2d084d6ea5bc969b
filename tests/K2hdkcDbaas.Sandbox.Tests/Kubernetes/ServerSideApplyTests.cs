namespace K2hdkcDbaas.Sandbox.Tests.Kubernetes;

/// <summary>Server-side apply and field managers, after the rules of its documentation.</summary>
public sealed class ServerSideApplyTests
{
    private const string Map = "/api/v1/namespaces/demo/configmaps/m";
    private const string Set = "/apis/apps/v1/namespaces/demo/statefulsets/s";

    [Fact]
    public async Task Applying_makes_changes_and_takes_back_what_is_no_longer_wanted()
    {
        await using var kube = await Kube.StartAsync();
        var made = await kube.SendAsync("PATCH", Map + "?fieldManager=ours",
            """{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": {"a": "1", "b": "2"}}""", Kube.Apply);
        Assert.Equal(201, made.Status);
        var field = made.Body!["metadata"]!["managedFields"]![0]!;
        Assert.Equal(("ours", "Apply"), (Kube.Word(field, "manager"), Kube.Word(field, "operation")));
        Assert.Equal("""{"f:data":{"f:a":{},"f:b":{}}}""", field["fieldsV1"]!.ToJsonString());
        await kube.MustAsync("PATCH", Map, """{"data": {"c": "3"}}""", Kube.Merge);
        var again = await kube.MustAsync("PATCH", Map + "?fieldManager=ours",
            """{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": {"a": "1"}}""", Kube.Apply);
        Assert.Equal("""{"a":"1","c":"3"}""", again["data"]!.ToJsonString());
    }

    [Fact]
    public async Task Another_managers_value_is_a_conflict_until_forced()
    {
        await using var kube = await Kube.StartAsync();
        const string One = """{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": {"a": "1"}}""";
        const string Two = """{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": {"a": "2"}}""";
        await kube.MustAsync("PATCH", Map + "?fieldManager=one", One, Kube.Apply);
        var conflict = await kube.SendAsync("PATCH", Map + "?fieldManager=two", Two, Kube.Apply);
        Assert.Equal((409, "Apply failed with 1 conflict: conflict with \"one\" using v1: .data.a"), (conflict.Status, conflict.Error));
        Assert.Equal("FieldManagerConflict", Kube.Word(conflict.Body!["details"]!["causes"]![0], "reason"));
        // The same value is shared.
        await kube.MustAsync("PATCH", Map + "?fieldManager=two", One, Kube.Apply);
        var forced = await kube.MustAsync("PATCH", Map + "?fieldManager=two&force=true", Two, Kube.Apply);
        Assert.Equal("2", Kube.Word(forced, "data", "a"));
        Assert.Equal(["two"], forced["metadata"]!["managedFields"]!.AsArray().Select(f => Kube.Word(f, "manager")));
        Assert.Equal(400, (await kube.SendAsync("PATCH", Map, Two, Kube.Apply)).Status);
    }

    [Fact]
    public async Task Items_of_keyed_lists_belong_to_those_who_named_them()
    {
        await using var kube = await Kube.StartAsync();
        await kube.MustAsync("PATCH", Set + "?fieldManager=ours", Kube.StatefulSet("s", 1), Kube.Apply);
        await kube.MustAsync("PATCH", Set,
            """{"spec": {"template": {"spec": {"containers": [{"name": "sidecar", "image": "other:1"}]}}}}""", Kube.Strategic);
        var applied = await kube.MustAsync("PATCH", Set + "?fieldManager=ours", Kube.StatefulSet("s", 1, image: "busybox:2"), Kube.Apply);
        Assert.Equal(["busybox:2", "other:1"],
            applied["spec"]!["template"]!["spec"]!["containers"]!.AsArray().Select(c => Kube.Word(c, "image")).Order());
    }

    [Fact]
    public async Task Applying_the_same_again_changes_nothing()
    {
        await using var kube = await Kube.StartAsync();
        var body = Kube.StatefulSet("s",
            0, """, "volumeClaimTemplates": [{"metadata": {"name": "d"}, "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}]""");
        await kube.MustAsync("PATCH", Set + "?fieldManager=ours", body, Kube.Apply);
        var settled = await kube.UntilAsync(Set, s => Kube.Number(s, "status", "observedGeneration") == 1);
        var again = await kube.MustAsync("PATCH", Set + "?fieldManager=ours", body, Kube.Apply);
        Assert.Equal(Kube.Word(settled, "metadata", "resourceVersion"), Kube.Word(again, "metadata", "resourceVersion"));
    }

    [Fact]
    public async Task A_scaled_set_conflicts_with_the_one_who_applied_its_replicas()
    {
        await using var kube = await Kube.StartAsync();
        await kube.MustAsync("PATCH", Set + "?fieldManager=ours", Kube.StatefulSet("s", 1), Kube.Apply);
        await kube.MustAsync("PATCH", Set + "/scale?fieldManager=kubectl", """{"spec": {"replicas": 0}}""", Kube.Merge);
        var conflict = await kube.SendAsync("PATCH", Set + "?fieldManager=ours", Kube.StatefulSet("s", 1), Kube.Apply);
        Assert.Equal(409, conflict.Status);
        Assert.Contains("conflict with \"kubectl\" with subresource \"scale\" using apps/v1", conflict.Error, StringComparison.Ordinal);
        Assert.EndsWith(": .spec.replicas", conflict.Error, StringComparison.Ordinal);
    }
}
