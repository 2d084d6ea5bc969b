using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Tests.Kubernetes;

/// <summary>The verbs on objects, as kube-apiserver 1.32 answers.</summary>
public sealed class ObjectTests
{
    private const string Maps = "/api/v1/namespaces/demo/configmaps";
    private const string Sets = "/apis/apps/v1/namespaces/demo/statefulsets";

    [Fact]
    public async Task An_object_is_made_read_changed_and_deleted()
    {
        await using var kube = await Kube.StartAsync();
        var made = await kube.SendAsync("POST", Maps, """{"metadata": {"generateName": "m-"}, "data": {"a": "1"}}""");
        Assert.Equal(201, made.Status);
        var name = Kube.Word(made.Body, "metadata", "name");
        Assert.Matches("^m-[a-z0-9]{5}$", name);
        Assert.Equal("ConfigMap", Kube.Word(made.Body, "kind"));
        made.Body!["data"]!["a"] = "2";
        var put = await kube.SendAsync("PUT", $"{Maps}/{name}", made.Body.ToJsonString());
        Assert.Equal("2", Kube.Word(put.Body, "data", "a"));
        Assert.NotEqual(Kube.Word(made.Body, "metadata", "resourceVersion"), Kube.Word(put.Body, "metadata", "resourceVersion"));
        var stale = await kube.SendAsync("PUT", $"{Maps}/{name}", made.Body.ToJsonString());
        Assert.Equal(409, stale.Status);
        Assert.Equal("Conflict", Kube.Word(stale.Body, "reason"));
        Assert.Contains("the object has been modified", stale.Error, StringComparison.Ordinal);
        var gone = await kube.SendAsync("DELETE", $"{Maps}/{name}");
        Assert.Equal("Success", Kube.Word(gone.Body, "status"));
        var missing = await kube.GetAsync($"{Maps}/{name}");
        Assert.Equal((404, $"configmaps \"{name}\" not found"), (missing.Status, missing.Error));
    }

    [Fact]
    public async Task What_is_there_already_or_has_no_namespace_is_refused()
    {
        await using var kube = await Kube.StartAsync();
        await kube.MustAsync("POST", Maps, """{"metadata": {"name": "m"}}""");
        var again = await kube.SendAsync("POST", Maps, """{"metadata": {"name": "m"}}""");
        Assert.Equal((409, "configmaps \"m\" already exists"), (again.Status, again.Error));
        var nowhere = await kube.SendAsync("POST", "/api/v1/namespaces/nowhere/configmaps", """{"metadata": {"name": "m"}}""");
        Assert.Equal((404, "namespaces \"nowhere\" not found"), (nowhere.Status, nowhere.Error));
        var kind = await kube.SendAsync("POST", Maps, """{"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "m"}}""");
        Assert.Equal(400, kind.Status);
    }

    [Fact]
    public async Task Unknown_fields_are_an_error_a_warning_or_nothing()
    {
        await using var kube = await Kube.StartAsync();
        const string Body = """{"metadata": {"name": "m"}, "dato": {"a": "1"}}""";
        var strict = await kube.SendAsync("POST", Maps + "?fieldValidation=Strict", Body);
        Assert.Equal(400, strict.Status);
        Assert.Contains("strict decoding error: unknown field \"dato\"", strict.Error, StringComparison.Ordinal);
        var warned = await kube.SendAsync("POST", Maps, Body);
        Assert.Equal(201, warned.Status);
        Assert.Contains("unknown field", warned.Header("Warning"), StringComparison.Ordinal);
        Assert.Null(warned.Body!["dato"]);
        var wrong = await kube.SendAsync("POST", Sets,
            Kube.StatefulSet("s", 1).Replace("\"replicas\": 1", "\"replicas\": \"1\"", StringComparison.Ordinal));
        Assert.Equal(400, wrong.Status);
        Assert.Contains("cannot unmarshal string", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invalid_objects_name_the_field()
    {
        await using var kube = await Kube.StartAsync();
        var labels = await kube.SendAsync("POST", Sets,
            Kube.StatefulSet("s", 1).Replace("\"labels\": {\"app\": \"s\"}", "\"labels\": {\"app\": \"t\"}", StringComparison.Ordinal));
        Assert.Equal(422, labels.Status);
        Assert.Equal("spec.template.metadata.labels", Kube.Word(labels.Body!["details"]!["causes"]![0], "field"));
        await kube.MustAsync("POST", Sets, Kube.StatefulSet("s", 1));
        var service = await kube.SendAsync("PATCH", Sets + "/s", """{"spec": {"serviceName": "other"}}""", Kube.Merge);
        Assert.Equal(422, service.Status);
        Assert.Contains("updates to statefulset spec for fields other than", service.Error, StringComparison.Ordinal);
        var name = await kube.SendAsync("POST", Maps, """{"metadata": {"name": "Upper"}}""");
        Assert.Contains("a lowercase RFC 1123 subdomain", name.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_answers_and_stores_nothing()
    {
        await using var kube = await Kube.StartAsync();
        var made = await kube.SendAsync("POST", Sets + "?dryRun=All", Kube.StatefulSet("s", 2));
        Assert.Equal(201, made.Status);
        Assert.Equal("OrderedReady", Kube.Word(made.Body, "spec", "podManagementPolicy"));
        Assert.Equal(404, (await kube.GetAsync(Sets + "/s")).Status);
    }

    [Fact]
    public async Task The_three_patches_do_what_they_are_for()
    {
        await using var kube = await Kube.StartAsync();
        await kube.MustAsync("POST", Sets,
            Kube.StatefulSet("s", 0)
                .Replace("\"image\": \"busybox:1\"",
                    "\"image\": \"busybox:1\", \"env\": [{\"name\": \"A\", \"value\": \"1\"}, {\"name\": \"B\", \"value\": \"2\"}]",
                    StringComparison.Ordinal));
        var strategic = await kube.MustAsync("PATCH", Sets + "/s",
            """{"spec": {"template": {"spec": {"containers": [{"name": "c", "env": [{"name": "B", "value": "3"}, {"name": "A", "$patch": "delete"}]}]}}}}""", Kube.Strategic);
        var container = strategic["spec"]!["template"]!["spec"]!["containers"]![0]!;
        Assert.Equal("busybox:1", Kube.Word(container, "image"));
        Assert.Equal("""[{"name":"B","value":"3"}]""", container["env"]!.ToJsonString());
        var merged = await kube.MustAsync("PATCH", Sets + "/s", """{"metadata": {"labels": {"x": "y"}}}""", Kube.Merge);
        Assert.Equal("y", Kube.Word(merged, "metadata", "labels", "x"));
        var json = await kube.MustAsync("PATCH", Sets + "/s",
            """[{"op": "test", "path": "/spec/replicas", "value": 0}, {"op": "remove", "path": "/metadata/labels/x"}, {"op": "add", "path": "/metadata/annotations", "value": {"k~/": "v"}}]""", Kube.JsonPatch);
        Assert.Null(json["metadata"]!["labels"]?["x"]);
        Assert.Equal("v", Kube.Word(json, "metadata", "annotations", "k~/"));
        Assert.Equal(422,
            (await kube.SendAsync("PATCH", Sets + "/s", """[{"op": "test", "path": "/spec/replicas", "value": 5}]""",
                Kube.JsonPatch)).Status);
        Assert.Equal(415, (await kube.SendAsync("PATCH", Sets + "/s", "{}", "application/json")).Status);
    }

    [Fact]
    public async Task Scale_is_read_and_patched()
    {
        await using var kube = await Kube.StartAsync();
        await kube.MustAsync("POST", Sets, Kube.StatefulSet("s", 1));
        var scale = await kube.MustAsync("PATCH", Sets + "/s/scale", """{"spec": {"replicas": 3}}""", Kube.Merge);
        Assert.Equal(("Scale", "autoscaling/v1", 3),
            (Kube.Word(scale, "kind"), Kube.Word(scale, "apiVersion"), Kube.Number(scale, "spec", "replicas")));
        Assert.Equal("app=s", Kube.Word(scale, "status", "selector"));
        Assert.Equal(3, Kube.Number((await kube.GetAsync(Sets + "/s")).Body, "spec", "replicas"));
    }

    [Fact]
    public async Task Lists_are_selected_and_paged_until_the_token_is_too_old()
    {
        await using var kube = await Kube.StartAsync();
        for (var i = 0; i < 5; i++)
            await kube.MustAsync("POST",
                Maps, """{"metadata": {"name": "mX", "labels": {"n": "X", "t": "x"}}}""".Replace("X", $"{i}", StringComparison.Ordinal));
        Assert.Equal(["m1", "m3"], Kube.Names((await kube.GetAsync(Maps + "?labelSelector=n%20in%20(1,3)")).Body!));
        Assert.Equal(["m0", "m2", "m3", "m4"], Kube.Names((await kube.GetAsync(Maps + "?labelSelector=t,n!%3D1")).Body!));
        Assert.Equal(["m2"], Kube.Names((await kube.GetAsync(Maps + "?fieldSelector=metadata.name%3Dm2")).Body!));
        Assert.Equal(400, (await kube.GetAsync(Maps + "?fieldSelector=data.a%3Dm2")).Status);
        var first = (await kube.GetAsync(Maps + "?limit=3")).Body!;
        var token = Uri.EscapeDataString(Kube.Word(first, "metadata", "continue"));
        Assert.Equal(3, Kube.Number(first, "metadata", "remainingItemCount"));
        // What is made or deleted between two pages does not show in the second.
        await kube.MustAsync("DELETE", Maps + "/m4");
        await kube.MustAsync("POST", Maps, """{"metadata": {"name": "zz"}}""");
        var second = (await kube.GetAsync($"{Maps}?limit=3&continue={token}")).Body!;
        Assert.Equal(["m2", "m3", "m4"], Kube.Names(second));
        Assert.Equal(Kube.Word(first, "metadata", "resourceVersion"), Kube.Word(second, "metadata", "resourceVersion"));
        kube.Host.CompactKubernetes();
        var old = await kube.GetAsync($"{Maps}?limit=3&continue={token}");
        Assert.Equal((410, "Expired"), (old.Status, Kube.Word(old.Body, "reason")));
    }

    [Fact]
    public async Task A_table_has_kubectls_columns()
    {
        await using var kube = await Kube.StartAsync();
        await kube.MustAsync("POST", Sets, Kube.StatefulSet("s", 0));
        var table = (await kube.SendAsync("GET", Sets, accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json")).Body!;
        Assert.Equal("Table", Kube.Word(table, "kind"));
        Assert.Equal(["Name", "Ready", "Age", "Containers", "Images"],
            table["columnDefinitions"]!.AsArray().Select(c => Kube.Word(c, "name")));
        Assert.Equal("0/0", table["rows"]![0]!["cells"]![1]!.GetValue<string>());
        Assert.Equal("PartialObjectMetadata", Kube.Word(table["rows"]![0]!["object"], "kind"));
        Assert.Equal(406, (await kube.SendAsync("GET", Sets, accept: "application/vnd.kubernetes.protobuf")).Status);
    }

    [Fact]
    public async Task Fault_rules_answer_as_the_api_server_does()
    {
        await using var kube = await Kube.StartAsync();
        kube.Host.Faults.Add(new FaultRule { Service = "kubernetes", Path = "*/configmaps", Status = 429, RetryAfter = "1" });
        var busy = await kube.GetAsync(Maps);
        Assert.Equal((429, "TooManyRequests", "Status"), (busy.Status, Kube.Word(busy.Body, "reason"), Kube.Word(busy.Body, "kind")));
        Assert.Equal("1", busy.Header("Retry-After"));
        Assert.Equal(200, (await kube.GetAsync(Maps)).Status);
        Assert.Contains(kube.Host.Calls.All, c => c.Service == "kubernetes" && c.Status == 429);
    }

    [Fact]
    public async Task Secrets_take_texts_and_bytes()
    {
        await using var kube = await Kube.StartAsync();
        var made = await kube.MustAsync("POST", "/api/v1/namespaces/demo/secrets",
            """{"metadata": {"name": "s"}, "stringData": {"a": "text"}, "data": {"b": "Yg=="}}""");
        Assert.Equal(("dGV4dA==", "Yg==", "Opaque"), (Kube.Word(made, "data", "a"), Kube.Word(made, "data", "b"), Kube.Word(made, "type")));
        Assert.Equal(400,
            (await kube.SendAsync("POST", "/api/v1/namespaces/demo/secrets",
                """{"metadata": {"name": "t"}, "data": {"b": "no base64!"}}""")).Status);
        var frozen = await kube.MustAsync("PATCH", "/api/v1/namespaces/demo/secrets/s", """{"immutable": true}""", Kube.Merge);
        Assert.Equal(422,
            (await kube.SendAsync("PATCH", "/api/v1/namespaces/demo/secrets/s", """{"data": {"b": "Yw=="}}""", Kube.Merge)).Status);
        Assert.True(frozen["immutable"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Protobuf_bodies_of_typed_clients_are_read()
    {
        await using var kube = await Kube.StartAsync();
        // k8s\0, TypeMeta{v1, Secret}, raw{metadata{name p, labels{owner: helm}}, data{release: abc}, type t}
        byte[] Field(int number, byte[] content) => [(byte)((number << 3) | 2), (byte)content.Length, .. content];
        byte[] Text(int number, string text) => Field(number, System.Text.Encoding.UTF8.GetBytes(text));
        byte[] raw = [.. Field(1, [.. Text(1, "p"), .. Field(11, [.. Text(1, "owner"), .. Text(2, "helm")])]),
            .. Field(2, [.. Text(1, "release"), .. Text(2, "abc")]), .. Text(3, "t")];
        byte[] body = [.. "k8s\0"u8, .. Field(1, [.. Text(1, "v1"), .. Text(2, "Secret")]), .. Field(2, raw)];
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/vnd.kubernetes.protobuf") } };
        using var answer = await kube.Http.PostAsync("/api/v1/namespaces/demo/secrets", content, Kube.Ct);
        Assert.Equal(201, (int)answer.StatusCode);
        var secret = (await kube.GetAsync("/api/v1/namespaces/demo/secrets/p")).Body;
        Assert.Equal(("YWJj", "helm", "t"),
            (Kube.Word(secret, "data", "release"), Kube.Word(secret, "metadata", "labels", "owner"), Kube.Word(secret, "type")));
        using var broken = new ByteArrayContent([.. body[..^3]]) { Headers = { ContentType = new("application/vnd.kubernetes.protobuf") } };
        using var refused = await kube.Http.PostAsync("/api/v1/namespaces/demo/secrets", broken, Kube.Ct);
        Assert.Equal(400, (int)refused.StatusCode);
    }

    [Fact]
    public async Task Discovery_names_everything_in_both_forms()
    {
        await using var kube = await Kube.StartAsync();
        var apps = (await kube.GetAsync("/apis/apps/v1")).Body!["resources"]!.AsArray().Select(r => Kube.Word(r, "name")).ToList();
        Assert.Contains("statefulsets/scale", apps);
        var aggregated =
            await kube.SendAsync("GET",
                "/apis", accept: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json");
        Assert.Equal("APIGroupDiscoveryList", Kube.Word(aggregated.Body, "kind"));
        Assert.Contains("v=v2", aggregated.Header("Content-Type"), StringComparison.Ordinal);
        var group = aggregated.Body!["items"]!.AsArray().Single(g => Kube.Word(g, "metadata", "name") == "apps")!;
        Assert.Contains(group["versions"]![0]!["resources"]!.AsArray(), r => Kube.Word(r, "resource") == "statefulsets");
        var document = (await kube.GetAsync("/openapi/v3/apis/apps/v1")).Body!;
        var patch = document["paths"]!["/apis/apps/v1/namespaces/{namespace}/statefulsets/{name}"]!["patch"]!;
        Assert.Contains(patch["parameters"]!.AsArray(), p => Kube.Word(p, "name") == "fieldValidation");
        var references =
            System.Text.RegularExpressions.Regex.Matches(document.ToJsonString(), "#/components/schemas/([^\"]+)")
                .Select(m => m.Groups[1].Value).Distinct();
        Assert.All(references, r => Assert.NotNull(document["components"]!["schemas"]![r]));
        Assert.Equal("1", Kube.Word((await kube.GetAsync("/version")).Body, "major"));
        Assert.Equal(404, (await kube.GetAsync("/apis/apps/v2")).Status);
        Assert.IsType<JsonObject>(document);
    }
}
