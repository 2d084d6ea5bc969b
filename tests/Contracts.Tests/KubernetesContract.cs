using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Contracts.Tests;

/// <summary>What our client may rely on in a kube-apiserver with its controllers, and what the client makes of it.</summary>
public abstract class KubernetesContract(KubernetesTarget target)
{
    private const string ClaimTemplate = """
        , "volumeClaimTemplates": [{"metadata": {"name": "data"},
         "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}]
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static Dictionary<string, byte[]> Data(params (string Key, string Value)[] data) =>
        data.ToDictionary(d => d.Key, d => Encoding.UTF8.GetBytes(d.Value));

    private static ClusterObjects Design(KubernetesSpace space, int servers = 1, int? volume = null) => new(new ClusterDesign
    {
        Cluster = "web",
        Namespace = space.Name,
        Tenant = space.Name,
        // Nobody answers there: the objects are looked at, not what their pods do.
        K2hr3Uri = "http://127.0.0.1:9",
        Servers = servers,
        VolumeSize = volume,
    });

    private static async Task<DbaasException> FailsAsync(string errorId, Func<Task> call)
    {
        var failure = await Assert.ThrowsAsync<DbaasException>(call);
        Assert.True(failure.ErrorId == errorId, $"{failure.ErrorId} instead of {errorId}: {failure.Message}");
        return failure;
    }

    // ------------------------------------------------------------------ sessions

    [Theory]
    [InlineData(KubernetesUser.Owner)]
    [InlineData(KubernetesUser.Token)]
    public async Task A_session_signs_in_with_a_certificate_or_a_token(KubernetesUser user)
    {
        await using var space = await target.NewSpaceAsync();
        var api = target.Connect(space.Name, user);
        Assert.Equal(space.Name, api.Namespace);
        Assert.Empty(await api.GetSetsAsync(Ct));
        Assert.Empty(await api.GetPodsAsync("web", Ct));
        Assert.Null(await api.GetSecretAsync("none", Ct));
        Assert.False(await api.HasConfigMapAsync("none", Ct));
        Assert.Null(await api.GetSetAsync("web", true, Ct));
    }

    [Fact]
    public async Task A_wrong_token_is_told_apart_from_missing_rights()
    {
        await using var space = await target.NewSpaceAsync();
        var api = target.ConnectChanged(space.Name, KubernetesUser.Token, t => t.Replace("token: ", "token: x", StringComparison.Ordinal));
        await FailsAsync("KubernetesUnauthenticated", () => api.GetSetsAsync(Ct));
    }

    [Fact]
    public async Task A_server_that_is_not_there_or_whose_certificate_is_anothers_is_named()
    {
        await using var space = await target.NewSpaceAsync();
        var nowhere = target.ConnectChanged(space.Name, KubernetesUser.Token,
            t => Regex.Replace(t, @"server: \S+", "server: https://127.0.0.1:9"));
        Assert.Contains("cannot be reached",
            (await FailsAsync("KubernetesUnreachable", () => nowhere.GetSetsAsync(Ct))).Message, StringComparison.Ordinal);
        using var other = CertificateAuthority.Create("other", TimeSpan.FromDays(1), TimeProvider.System);
        var pem = Convert.ToBase64String(Encoding.ASCII.GetBytes(other.Pem));
        var stranger = target.ConnectChanged(space.Name, KubernetesUser.Token,
            t => Regex.Replace(t, @"certificate-authority(-data)?: \S+", "certificate-authority-data: " + pem));
        Assert.Contains("certificate is not accepted",
            (await FailsAsync("KubernetesUnreachable", () => stranger.GetSetsAsync(Ct))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_rights_the_error_names_verb_resource_and_namespace()
    {
        await using var space = await target.NewSpaceAsync();
        var api = target.Connect(space.Name, KubernetesUser.Nobody);
        var objects = Design(space);
        foreach (var (what, call) in new (string, Func<Task>)[]
        {
            ("list statefulsets.apps", () => api.GetSetsAsync(Ct)),
            ("list pods", () => api.GetPodsAsync("web", Ct)),
            ("get secrets 'secret-web-certs'", () => api.GetSecretAsync("secret-web-certs", Ct)),
            ("patch configmaps 'configmap-web'", () => api.ApplyAsync(objects.ConfigMap(), Ct)),
            ("patch statefulsets.apps/scale 'svrpod-web'", () => api.ScaleAsync("svrpod-web", 2, Ct)),
            ("delete persistentvolumeclaims 'x'", () => api.DeleteAsync(ObjectKind.PersistentVolumeClaim, "x", Ct)),
            ("get pods/portforward 'svrpod-web-0'", () => api.OpenPortAsync("svrpod-web-0", 8021, Ct)),
        })
        {
            var e = await FailsAsync("KubernetesForbidden", call);
            Assert.Contains($"may not {what} in namespace '{space.Name}'", e.Message, StringComparison.Ordinal);
            Assert.Contains($"Get-K2hdkcKubernetesRole -Namespace {space.Name}", e.NextStep, StringComparison.Ordinal);
        }

        Assert.Null(await api.GetDefaultStorageClassAsync(Ct));
    }

    [Fact]
    public async Task The_role_that_is_printed_is_enough_and_no_more()
    {
        await using var space = await target.NewSpaceAsync();
        foreach (var manifest in k8s.KubernetesYaml.LoadAllFromString(KubernetesRole.Yaml(space.Name, "k2hdkc", target.Nobody)))
        {
            var plural = manifest is k8s.Models.V1RoleBinding ? "rolebindings" : "roles";
            await space.MustAsync("POST", $"/apis/rbac.authorization.k8s.io/v1/namespaces/{space.Name}/{plural}",
                k8s.KubernetesJson.Serialize(manifest));
        }

        var api = target.Connect(space.Name, KubernetesUser.Nobody);
        // Rights come a moment later.
        await target.As(KubernetesUser.Nobody, space.Name).UntilAsync(space.Sets, _ => true);
        await LifeAsync(api, space, Design(space, volume: 1));
        await FailsAsync("KubernetesForbidden", () => target.Connect("kube-system", KubernetesUser.Nobody).GetSetsAsync(Ct));
        var pod = await target.As(KubernetesUser.Nobody, space.Name).SendAsync("POST", space.Pods, """{"metadata": {"name": "p"}}""");
        Assert.Equal(403, pod.Status);
    }

    [Fact]
    public async Task K2HR3_itself_is_made_and_found_with_the_rights_that_are_printed()
    {
        await using var space = await target.NewSpaceAsync();
        const string Rbac = "/apis/rbac.authorization.k8s.io/v1/";
        foreach (var manifest in k8s.KubernetesYaml.LoadAllFromString(
            KubernetesRole.Yaml(space.Name, "k2hdkc-" + space.Name, target.Nobody, withSystem: true)))
        {
            await space.MustAsync("POST", manifest switch
            {
                k8s.Models.V1Role => $"{Rbac}namespaces/{space.Name}/roles",
                k8s.Models.V1RoleBinding => $"{Rbac}namespaces/{space.Name}/rolebindings",
                k8s.Models.V1ClusterRole => Rbac + "clusterroles",
                _ => Rbac + "clusterrolebindings",
            }, k8s.KubernetesJson.Serialize(manifest));
        }

        var api = target.Connect(space.Name, KubernetesUser.Nobody);
        await target.As(KubernetesUser.Nobody, space.Name).UntilAsync(space.Sets, _ => true);
        await target.As(KubernetesUser.Nobody, space.Name).UntilAsync("/api/v1/namespaces", _ => true);
        var design = new K2hr3SystemDesign { Namespace = space.Name, ApiHost = "k2hr3.example", VolumeSize = 1 };
        var objects = new K2hr3SystemObjects(design);
        var empty = new Dictionary<string, byte[]> { ["space_CA.crt"] = "the authority"u8.ToArray() };
        KubernetesObject[] wanted =
        [
            objects.NodePort(K2hr3SystemNames.Api), objects.NodePort(K2hr3SystemNames.App),
            .. new[] { K2hr3SystemNames.Authority, K2hr3SystemNames.Certificates, K2hr3SystemNames.Settings }
                .Select(s => objects.Secret(s, empty)),
            objects.ConfigMap(), .. objects.Account(), objects.Service(K2hr3SystemNames.Data), objects.Service(K2hr3SystemNames.Api),
            objects.Data(), objects.Api(), objects.App(),
        ];
        foreach (var one in wanted) await api.ApplyAsync(one, Ct);
        // Again, as when a broken run is finished.
        foreach (var one in wanted) await api.ApplyAsync(one, Ct);
        await space.ReadyAsync("pod-r3dkc", 2);
        await space.ReadyAsync("pod-r3api", 2);
        await space.UntilAsync($"/apis/apps/v1/namespaces/{space.Name}/deployments/pod-r3app",
            d => d.Number("status", "readyReplicas") == 2);
        var found = Assert.Single(await new K2hr3SystemReader(api).GetAsync(Ct));
        Assert.Equal(("k2hr3", "K2hdkcDbaas", "k2hr3.example", "the authority"),
            (found.Name, found.ManagedBy, found.ApiHost, found.Authority));
        Assert.Equal([("r3dkc", 2, 2), ("r3api", 2, 2), ("r3app", 2, 2)], found.Parts.Select(p => (p.Name, p.Wanted, p.Ready)));
        Assert.Equal(await api.GetNodePortAsync("np-r3api", Ct), found.Api!.Port);
        Assert.InRange(found.Api.Port!.Value, 30000, 32767);
        foreach (var one in wanted.Reverse()) Assert.True(await api.DeleteAsync(one.Kind, one.Name, Ct));
        Assert.False(await api.DeleteAsync(ObjectKind.ClusterRole, K2hr3SystemNames.Role(K2hr3SystemNames.Api, space.Name), Ct));
        foreach (var plural in (string[])["clusterrolebindings", "clusterroles"])
            await space.MustAsync("DELETE", $"{Rbac}{plural}/k2hdkc-{space.Name}");
    }

    [Theory]
    [InlineData(KubernetesUser.Owner, true)]
    [InlineData(KubernetesUser.Nobody, false)]
    public async Task A_review_says_what_the_server_would(KubernetesUser user, bool isAllowed)
    {
        await using var space = await target.NewSpaceAsync();
        var review = await target.As(user, space.Name).MustAsync("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            """
            {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "spec": {"resourceAttributes":
             {"namespace": "@SPACE@", "verb": "patch", "group": "apps", "resource": "statefulsets", "subresource": "scale"}}}
            """.Replace("@SPACE@", space.Name, StringComparison.Ordinal));
        Assert.Equal(isAllowed, review["status"]!["allowed"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_refusal_is_worded_as_the_server_words_it()
    {
        await using var space = await target.NewSpaceAsync();
        await using var nobody = target.As(KubernetesUser.Nobody, space.Name);
        var list = await nobody.GetAsync(space.Sets);
        Assert.Equal((403, "Forbidden",
            $"statefulsets.apps is forbidden: User \"{target.Nobody}\" cannot list resource \"statefulsets\" in API group \"apps\" in the "
                + $"namespace \"{space.Name}\""), (list.Status, list.Reason, list.Message));
        var scale = await nobody.SendAsync("PATCH", space.Sets + "/s/scale", "{}", KubernetesSpace.Merge);
        Assert.Equal($"statefulsets.apps \"s\" is forbidden: User \"{target.Nobody}\" cannot patch resource \"statefulsets/scale\" in API "
            + $"group \"apps\" in the namespace \"{space.Name}\"", scale.Message);
    }

    // ------------------------------------------------------------------ a cluster's objects

    [Fact]
    public async Task The_objects_of_a_cluster_are_made_shown_scaled_and_removed()
    {
        await using var space = await target.NewSpaceAsync();
        await LifeAsync(target.Connect(space.Name), space, Design(space, volume: 1));
    }

    [Fact]
    public async Task Applying_the_same_again_changes_nothing()
    {
        await using var space = await target.NewSpaceAsync();
        var api = target.Connect(space.Name);
        // Without pods, so that nothing but applying changes the objects.
        var objects = Design(space, servers: 0, volume: 1);
        KubernetesObject[] all = [objects.ConfigMap(), objects.Secret("secret-web-certs", Data(("a", "1"))), objects.Service(true),
            objects.StatefulSet(true)];
        foreach (var one in all) await api.ApplyAsync(one, Ct);
        string[] paths = [$"{space.Maps}/configmap-web", $"{space.Secrets}/secret-web-certs",
            $"/api/v1/namespaces/{space.Name}/services/svrsvc-web", $"{space.Sets}/svrpod-web"];
        await space.UntilAsync(paths[^1], s => s.Number("status", "observedGeneration") == 1);
        async Task<string> RevisionsAsync() => string.Join(' ', await Task.WhenAll(
            paths.Select(async p => (await space.MustAsync("GET", p)).Word("metadata", "resourceVersion"))));
        var before = await RevisionsAsync();
        foreach (var one in all) await api.ApplyAsync(one, Ct);
        Assert.Equal(before, await RevisionsAsync());
    }

    [Fact]
    public async Task Keys_are_added_to_a_secret_and_the_others_stay()
    {
        await using var space = await target.NewSpaceAsync();
        var api = target.Connect(space.Name);
        await api.ApplyAsync(Design(space).Secret("s", Data(("a", "1"), ("b", "2"))), Ct);
        await api.AddToSecretAsync("s", Data(("b", "3"), ("c", "\0\u00ff")), Ct);
        var held = await api.GetSecretAsync("s", Ct);
        Assert.Equal(["a 1", "b 3", "c \0\u00ff"],
            held!.Select(h => $"{h.Key} {Encoding.UTF8.GetString(h.Value)}").Order(StringComparer.Ordinal));
        await FailsAsync("KubernetesNotFound", () => api.AddToSecretAsync("none", Data(("a", "1")), Ct));
    }

    [Fact]
    public async Task What_the_server_does_not_take_is_named()
    {
        await using var space = await target.NewSpaceAsync();
        var api = target.Connect(space.Name);
        await api.ApplyAsync(Design(space, servers: 0).StatefulSet(true), Ct);
        // Volumes are settled when a StatefulSet is made.
        var frozen = await FailsAsync("KubernetesRefused",
            () => api.ApplyAsync(Design(space, servers: 0, volume: 1).StatefulSet(true), Ct));
        Assert.Contains("updates to statefulset spec for fields other than", frozen.Message, StringComparison.Ordinal);
        var name = await FailsAsync("KubernetesRefused", () => api.ApplyAsync(Design(space).Secret("s", Data(("a/b", "1"))), Ct));
        Assert.Contains("data[a/b]", name.Message, StringComparison.Ordinal);
        await FailsAsync("KubernetesNotFound", () => api.ScaleAsync("none", 2, Ct));
        var negative = await FailsAsync("KubernetesRefused", () => api.ScaleAsync("svrpod-web", -1, Ct));
        Assert.Contains("spec.replicas", negative.Message, StringComparison.Ordinal);
        var nowhere = target.Connect("ct-nowhere");
        var other = await FailsAsync("KubernetesRefused", () => nowhere.ApplyAsync(Design(space).Secret("s", Data()), Ct));
        // Until 1.20 and somewhat later with the name, without "sent".
        Assert.Matches("the namespace of the (provided )?object .*does not match the namespace (sent )?on the request", other.Message);
        var missing = await FailsAsync("KubernetesNotFound", () => nowhere.ApplyAsync(new ClusterObjects(new ClusterDesign
        {
            Cluster = "web",
            Namespace = "ct-nowhere",
            Tenant = "demo",
            K2hr3Uri = "http://127.0.0.1:9"
        }).Secret("s", Data()), Ct));
        Assert.Contains("namespaces \"ct-nowhere\" not found", missing.Message, StringComparison.Ordinal);
    }

    // ------------------------------------------------------------------ conflicts

    [Fact]
    public async Task Changes_of_an_old_state_are_a_conflict()
    {
        await using var space = await target.NewSpaceAsync();
        var made = await space.MustAsync("POST", space.Maps, """{"metadata": {"name": "m"}, "data": {"a": "1"}}""");
        var again = await space.SendAsync("POST", space.Maps, """{"metadata": {"name": "m"}}""");
        Assert.Equal((409, "AlreadyExists", "configmaps \"m\" already exists"), (again.Status, again.Reason, again.Message));
        made["data"]!["a"] = "2";
        await space.MustAsync("PUT", space.Maps + "/m", made.ToJsonString());
        var stale = await space.SendAsync("PUT", space.Maps + "/m", made.ToJsonString());
        Assert.Equal((409, "Conflict"), (stale.Status, stale.Reason));
        Assert.Equal("Operation cannot be fulfilled on configmaps \"m\": the object has been modified; please apply your changes to the "
            + "latest version and try again", stale.Message);
        // A patch that says which state it means.
        made["data"]!["a"] = "3";
        var patch = await space.SendAsync("PATCH", space.Maps + "/m",
            """{"metadata": {"resourceVersion": "@OLD@"}}""".Replace("@OLD@", made.Word("metadata", "resourceVersion"),
                StringComparison.Ordinal),
            KubernetesSpace.Merge);
        Assert.Equal((409, "Conflict"), (patch.Status, patch.Reason));
    }

    [Fact]
    public async Task Another_managers_value_is_a_conflict_until_forced()
    {
        await using var space = await target.NewSpaceAsync();
        const string One = """{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": {"a": "1"}}""";
        const string Two = """{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": {"a": "2"}}""";
        await space.MustAsync("PATCH", space.Maps + "/m?fieldManager=one", One, KubernetesSpace.Apply);
        var conflict = await space.SendAsync("PATCH", space.Maps + "/m?fieldManager=two", Two, KubernetesSpace.Apply);
        Assert.Equal((409, "Conflict"), (conflict.Status, conflict.Reason));
        Assert.Contains("conflict with \"one\"", conflict.Message, StringComparison.Ordinal);
        Assert.EndsWith(": .data.a", conflict.Message, StringComparison.Ordinal);
        Assert.Equal("FieldManagerConflict", conflict.Body["details"]!["causes"]![0].Word("reason"));
        var forced = await space.MustAsync("PATCH", space.Maps + "/m?fieldManager=two&force=true", Two, KubernetesSpace.Apply);
        Assert.Equal("2", forced.Word("data", "a"));
        Assert.Equal(["two"], forced["metadata"]!["managedFields"]!.AsArray().Select(f => f.Word("manager")));
    }

    // ------------------------------------------------------------------ lists and watches

    [Fact]
    public async Task Lists_come_in_pages_of_one_state_until_it_is_forgotten()
    {
        await using var space = await target.NewSpaceAsync();
        foreach (var name in (string[])["m0", "m1", "m2", "m3", "m4"])
            await space.MustAsync("POST", space.Maps,
                """{"metadata": {"name": "@NAME@", "labels": {"t": "x"}}}""".Replace("@NAME@", name, StringComparison.Ordinal));
        var first = await space.MustAsync("GET", space.Maps + "?limit=3&labelSelector=");
        var token = Uri.EscapeDataString(first.Word("metadata", "continue"));
        Assert.NotEqual("", token);
        Assert.Equal(3, first.Names().Count());
        await space.MustAsync("DELETE", space.Maps + "/m4");
        await space.MustAsync("POST", space.Maps, """{"metadata": {"name": "zz"}}""");
        var second = await space.MustAsync("GET", $"{space.Maps}?limit=9&continue={token}");
        Assert.Equal(["m0", "m1", "m2", "m3", "m4"],
            first.Names().Concat(second.Names()).Where(n => n.StartsWith('m')).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("zz", second.Names());
        Assert.Equal(first.Word("metadata", "resourceVersion"), second.Word("metadata", "resourceVersion"));
        await target.ForgetPastAsync(Ct);
        var old = await space.GetAsync($"{space.Maps}?limit=3&continue={token}");
        Assert.Equal((410, "Expired"), (old.Status, old.Reason));
        Assert.Equal(["m1", "m3"], (await space.MustAsync("GET", space.Maps + "?fieldSelector=metadata.name!%3Dm2&labelSelector=t&limit=9"))
            .Names().Where(n => n is "m1" or "m3"));
        Assert.Equal(400, (await space.GetAsync(space.Maps + "?fieldSelector=data.a%3Dm2")).Status);
        Assert.Equal(400, (await space.GetAsync(space.Maps + "?continue=nonsense")).Status);
    }

    [Fact]
    public async Task A_watch_tells_what_changes_from_a_list_on()
    {
        await using var space = await target.NewSpaceAsync();
        var revision = (await space.MustAsync("GET", space.Maps)).Word("metadata", "resourceVersion");
        await space.MustAsync("POST", space.Maps, """{"metadata": {"name": "m"}}""");
        using var all = await space.WatchAsync(space.Maps, "&fieldSelector=metadata.name%3Dm&resourceVersion=" + revision);
        using var some = await space.WatchAsync(space.Maps, "&labelSelector=a%3Db&resourceVersion=" + revision);
        await space.MustAsync("PATCH", space.Maps + "/m", """{"metadata": {"labels": {"a": "b"}}}""", KubernetesSpace.Merge);
        await space.MustAsync("PATCH", space.Maps + "/m", """{"metadata": {"labels": {"a": null}}}""", KubernetesSpace.Merge);
        await space.MustAsync("DELETE", space.Maps + "/m");
        var seen = new List<string>();
        for (var i = 0; i < 4; i++) seen.Add((await NextAsync(all)).Type);
        Assert.Equal(["ADDED", "MODIFIED", "MODIFIED", "DELETED"], seen);
        Assert.Equal(["ADDED", "DELETED"], [(await NextAsync(some)).Type, (await NextAsync(some)).Type]);
    }

    [Fact]
    public async Task A_watch_ends_when_its_time_is_up_and_goes_on_where_it_ended()
    {
        await using var space = await target.NewSpaceAsync();
        var list = await space.MustAsync("GET", space.Maps);
        var revision = list.Word("metadata", "resourceVersion");
        using (var brief = await space.WatchAsync(space.Maps,
            $"&timeoutSeconds=1&fieldSelector=metadata.name%3Dm&resourceVersion={revision}"))
            Assert.Null(await brief.ReadLineAsync(Ct));
        await space.MustAsync("POST", space.Maps, """{"metadata": {"name": "m"}}""");
        using var next = await space.WatchAsync(space.Maps, $"&fieldSelector=metadata.name%3Dm&resourceVersion={revision}");
        var (type, found) = await NextAsync(next);
        Assert.Equal(("ADDED", "m"), (type, found.Word("metadata", "name")));
    }

    [Fact]
    public async Task A_watch_from_a_forgotten_state_is_gone()
    {
        await using var space = await target.NewSpaceAsync();
        await target.ForgetPastAsync(Ct);
        // The API server answers for most kinds from a memory of its own; for events it asks its store.
        using var watch = await space.WatchAsync($"/api/v1/namespaces/{space.Name}/events", "&resourceVersion=1");
        var (type, status) = await NextAsync(watch);
        Assert.Equal(("ERROR", 410, "Expired"), (type, status.Number("code"), status.Word("reason")));
        Assert.Null(await watch.ReadLineAsync(Ct));
    }

    // ------------------------------------------------------------------ controllers

    [Fact]
    public async Task A_stateful_set_grows_and_shrinks_in_order_and_keeps_its_claims()
    {
        await using var space = await target.NewSpaceAsync();
        await space.MustAsync("POST", space.Sets, KubernetesSpace.StatefulSet("s", 3, ClaimTemplate));
        await space.ReadyAsync("s", 3);
        var pods = await space.MustAsync("GET", space.Pods);
        Assert.Equal(["s-0", "s-1", "s-2"], pods.Names().Order(StringComparer.Ordinal));
        Assert.Equal(["data-s-0", "data-s-1", "data-s-2"],
            (await space.MustAsync("GET", space.Claims)).Names().Order(StringComparer.Ordinal));
        Assert.All(pods.Items(), p => Assert.NotEqual("", p.Word("metadata", "labels", "controller-revision-hash")));
        Assert.All(pods.Items(), p => Assert.Equal(p.Word("metadata", "name"),
            p.Word("metadata", "labels", "statefulset.kubernetes.io/pod-name")));

        var scale = await space.MustAsync("PATCH", space.Sets + "/s/scale", """{"spec": {"replicas": 1}}""", KubernetesSpace.Merge);
        Assert.Equal(("Scale", "autoscaling/v1", 1), (scale.Word("kind"), scale.Word("apiVersion"), scale.Number("spec", "replicas")));
        Assert.Equal("app=s", scale.Word("status", "selector"));
        await space.GoneAsync(space.Pods + "/s-1");
        Assert.Equal(404, (await space.GetAsync(space.Pods + "/s-2")).Status);
        Assert.Equal(3, (await space.MustAsync("GET", space.Claims)).Names().Count());

        var before = (await space.MustAsync("GET", space.Pods + "/s-0")).Word("metadata", "uid");
        await space.MustAsync("DELETE", space.Pods + "/s-0");
        await space.UntilAsync(space.Pods + "/s-0", p => p.Word("metadata", "uid") != before && p.Word("status", "phase") == "Running");
        await space.MustAsync("DELETE", space.Sets + "/s", """{"propagationPolicy": "Background"}""");
        await space.GoneAsync(space.Pods + "/s-0");
    }

    [Fact]
    public async Task A_changed_template_replaces_the_highest_pods_down_to_the_partition()
    {
        await using var space = await target.NewSpaceAsync();
        await space.MustAsync("POST", space.Sets, KubernetesSpace.StatefulSet("s", 3,
            """, "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 3}}"""));
        await space.ReadyAsync("s", 3);
        var made = await space.MustAsync("PATCH", space.Sets + "/s",
            """{"spec": {"template": {"spec": {"containers": [{"name": "c", "image": "busybox:2"}]}}}}""", KubernetesSpace.Strategic);
        Assert.Equal(2, made.Number("metadata", "generation"));
        var seen = await space.UntilAsync(space.Sets + "/s", s => s.Number("status", "observedGeneration") == 2
            && s.Word("status", "updateRevision") != s.Word("status", "currentRevision"));
        Assert.Equal(0, seen.Number("status", "updatedReplicas"));
        for (var partition = 2; partition >= 0; partition--)
        {
            var lower = """{"spec": {"updateStrategy": {"rollingUpdate": {"partition": P}}}}"""
                .Replace("P}", $"{partition}}}", StringComparison.Ordinal);
            await space.MustAsync("PATCH", space.Sets + "/s", lower, KubernetesSpace.Merge);
            await space.UntilAsync($"{space.Pods}/s-{partition}", p => p["spec"]!["containers"]![0].Word("image") == "busybox:2"
                && p["status"]!["conditions"]?.AsArray().Any(c => c.Word("type") == "Ready" && c.Word("status") == "True") == true);
            if (partition > 0)
                Assert.Equal("busybox:1",
                    (await space.MustAsync("GET", $"{space.Pods}/s-{partition - 1}"))["spec"]!["containers"]![0].Word("image"));
        }

        await space.UntilAsync(space.Sets + "/s", s => s.Word("status", "updateRevision") == s.Word("status", "currentRevision"));
    }

    [Fact]
    public async Task New_images_wait_until_a_pod_is_deleted_by_its_uid()
    {
        await using var space = await target.NewSpaceAsync();
        var api = target.Connect(space.Name);
        await space.MustAsync("POST", space.Sets, KubernetesSpace.StatefulSet("s", 2));
        await space.ReadyAsync("s", 2);
        await api.SetImagesAsync("s", new Dictionary<string, string> { ["c"] = "busybox:2" }, new Dictionary<string, string>(), Ct);
        var set = await space.UntilAsync(space.Sets + "/s", s => s.Number("status", "observedGeneration") == 2);
        Assert.Equal("""{"type":"OnDelete"}""", set["spec"]!["updateStrategy"]!.ToJsonString());
        Assert.Single(set["spec"]!["template"]!["spec"]!["containers"]!.AsArray());
        var before = (await space.MustAsync("GET", space.Pods)).Items().Select(p => p.Word("metadata", "uid")).ToList();
        // One that was made anew by someone else is left alone.
        await api.DeletePodAsync("s-1", before[0], Ct);
        await api.DeletePodAsync("s-9", before[0], Ct);
        var first = await space.MustAsync("GET", space.Pods + "/s-1");
        Assert.Null(first["metadata"]!["deletionTimestamp"]);
        await api.DeletePodAsync("s-1", first.Word("metadata", "uid"), Ct);
        await space.UntilAsync(space.Pods + "/s-1", p => p["spec"]!["containers"]![0].Word("image") == "busybox:2");
        var other = await space.MustAsync("GET", space.Pods + "/s-0");
        Assert.Contains(other.Word("metadata", "uid"), before);
        Assert.Equal("busybox:1", other["spec"]!["containers"]![0].Word("image"));
    }

    // ------------------------------------------------------------------ ports

    [Fact]
    public async Task A_port_of_a_pod_that_is_not_there_is_told_so()
    {
        await using var space = await target.NewSpaceAsync();
        await FailsAsync("KubernetesNotFound", () => target.Connect(space.Name).OpenPortAsync("none", 8021, Ct));
    }

    [Fact]
    public async Task A_port_where_nobody_listens_ends_with_the_reason()
    {
        await using var space = await target.NewSpaceAsync();
        if (!target.RunsContainers) Assert.Skip("no container runs in this Kubernetes");
        await space.MustAsync("POST", space.Sets, KubernetesSpace.RunningSet("s"));
        await space.ReadyAsync("s", 1);
        await using var port = await target.Connect(space.Name).OpenPortAsync("s-0", 8021, Ct);
        await Assert.ThrowsAsync<IOException>(async () => await port.ReadExactlyAsync(new byte[1], Ct));
    }

    private static async Task<(string Type, JsonNode Object)> NextAsync(StreamReader watch)
    {
        var line = JsonNode.Parse(await watch.ReadLineAsync(Ct) ?? throw new EndOfStreamException())!;
        return (line.Word("type"), line["object"]!);
    }

    private static async Task LifeAsync(KubernetesConnection api, KubernetesSpace space, ClusterObjects objects)
    {
        await api.ApplyAsync(objects.ConfigMap(), Ct);
        await api.ApplyAsync(objects.Secret("secret-web-certs", Data(("ca.crt", "c"))), Ct);
        await api.ApplyAsync(objects.Secret("secret-web-k2hr3-token", Data(("role-token-server", "t"), ("role-token-slave", "t"))), Ct);
        try
        {
            await api.ApplyAsync(objects.Budget(), Ct);
        }
        catch (DbaasException e) when (e.Kind == ErrorKind.NotFound)
        {
            // Before 1.21.
            Assert.Equal(404, (await space.GetAsync("/apis/policy/v1")).Status);
        }
        foreach (var isServer in (bool[])[true, false])
        {
            await api.ApplyAsync(objects.Service(isServer), Ct);
            await api.ApplyAsync(objects.StatefulSet(isServer), Ct);
        }

        var sets = await api.GetSetsAsync(Ct);
        Assert.Equal(["web False 0 False", "web True 1 True"],
            sets.Select(s => $"{s.Cluster} {s.IsServer} {s.Replicas} {s.HasVolumes}").Order(StringComparer.Ordinal));
        Assert.Equal("http://127.0.0.1:9", (await api.GetSetAsync("web", true, Ct))!.K2hr3Uri);
        Assert.Equal(["slvsvc-web", "svrsvc-web"],
            (await api.GetNamesAsync(ObjectKind.Service, ClusterObjects.Selector("web"), Ct)).Order(StringComparer.Ordinal));
        Assert.True(await api.HasConfigMapAsync("configmap-web", Ct));
        var set = await space.MustAsync("GET", space.Sets + "/svrpod-web");
        Assert.Contains(set["metadata"]!["managedFields"]!.AsArray(),
            f => (f.Word("manager"), f.Word("operation")) == (KubernetesConnection.FieldManager, "Apply"));

        while ((await api.GetPodsAsync("web", Ct)).Count == 0) await Task.Delay(50, Ct);
        Assert.Equal("svrpod-web-0", Assert.Single(await api.GetPodsAsync("web", Ct)).Name);
        Assert.Equal(["antpickax-var-lib-volume-svrpod-web-0"],
            await api.GetNamesAsync(ObjectKind.PersistentVolumeClaim, ClusterObjects.Selector("web"), Ct));
        await api.SetImagesAsync("svrpod-web", new Dictionary<string, string> { ["svrk2hdkc-web"] = "other:1" },
            new Dictionary<string, string> { ["svrinit-web"] = "other:2" }, Ct);
        await api.DeletePodAsync("svrpod-web-0", Assert.Single(await api.GetPodsAsync("web", Ct)).Uid, Ct);
        await api.ScaleAsync("svrpod-web", 0, Ct);
        Assert.Equal(0, (await api.GetSetAsync("web", true, Ct))!.Replicas);
        await space.GoneAsync(space.Pods + "/svrpod-web-0");
        await api.ScaleAsync("slvpod-web", 2, Ct);
        Assert.Equal(2, (await api.GetSetAsync("web", false, Ct))!.Replicas);

        foreach (var isServer in (bool[])[true, false])
        {
            var name = KubernetesNames.Set("web", isServer);
            await api.DeleteAsync(ObjectKind.StatefulSet, name, Ct);
            await api.DeleteAsync(ObjectKind.Service, KubernetesNames.Service("web", isServer), Ct);
        }
        while ((await api.GetPodsAsync("web", Ct)).Count > 0) await Task.Delay(50, Ct);
        await api.DeleteAsync(ObjectKind.PersistentVolumeClaim, "antpickax-var-lib-volume-svrpod-web-0", Ct);
        await api.DeleteAsync(ObjectKind.PodDisruptionBudget, "svrpod-web", Ct);
        foreach (var secret in (string[])["secret-web-certs", "secret-web-k2hr3-token"])
            await api.DeleteAsync(ObjectKind.Secret, secret, Ct);
        await api.DeleteAsync(ObjectKind.ConfigMap, "configmap-web", Ct);
        // What is gone counts as deleted.
        await api.DeleteAsync(ObjectKind.ConfigMap, "configmap-web", Ct);
        Assert.Empty(await api.GetSetsAsync(Ct));
        Assert.Empty(await api.GetNamesAsync(ObjectKind.Service, ClusterObjects.Selector("web"), Ct));
    }
}
