using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Kubernetes;
using K2hdkcDbaas.Sandbox;
using K2hdkcDbaas.Sandbox.Kubernetes.Pods;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>K2HR3 itself in Kubernetes: made, found, used by a cluster, and removed.</summary>
public class K2hr3DeploymentTests : SandboxedTest
{
    private const string ClientSecret = "the-client-secret";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static NewK2hr3Deployment Request => new()
    {
        OidcIssuer = new Uri("https://login.example/dex"),
        OidcClientId = "k2hr3",
        OidcClientSecret = ClientSecret,
        ApiHost = "10.1.2.3",
        AppHost = "k2hr3.example",
    };

    private Task<IDbaasSession> KubernetesAsync(bool withK2hr3 = true) => ConnectAsync(new SessionOptions
    {
        Backend = "Kubernetes",
        Settings = new Dictionary<string, object?> { ["Kubeconfig"] = Sandbox.KubeconfigFile },
        K2hr3Uri = withK2hr3 ? Sandbox.K2hr3Url.ToString() : null,
        K2hr3UserName = withK2hr3 ? "demo" : null,
        K2hr3Password = withK2hr3 ? Sandbox.Password : null,
    });

    private static KubernetesConnection Api(SandboxHost sandbox) =>
        new(new KubernetesSettings { Kubeconfig = sandbox.KubeconfigFile }, null, TimeProvider.System);

    [Fact]
    public async Task A_bare_Kubernetes_gets_one_by_which_a_cluster_is_made()
    {
        await using (var bare = await KubernetesAsync(withK2hr3: false))
        {
            var made = await bare.Feature<IK2hr3Deployments>().CreateAsync(Request, Waiting, Ct);
            Assert.Equal(("k2hr3", "demo", "K2hdkcDbaas", ClusterStatus.Ready, null),
                (made.Name, made.Namespace, made.ManagedBy, made.Status, made.StatusDetail));
            Assert.Equal((2, 2, 2), (made.DataCount, made.ApiCount, made.AppCount));
            Assert.Equal(("10.1.2.3", "k2hr3.example"), (made.K2hr3Uri!.Host, made.AppUri!.Host));
            Assert.Equal("https://svc-r3api.demo.svc.cluster.local/", made.PodK2hr3Uri!.AbsoluteUri);
        }

        using var api = Api(Sandbox);
        var settings = await api.GetSecretAsync("secret-k2hr3-config", Ct);
        var front = JsonNode.Parse(settings!["k2hr3-api-production.json"])!;
        var app = JsonNode.Parse(settings["k2hr3-app-production.json"])!["extrouter"]!["oidc"]!["config"]!;
        var (frontPort, appPort) = (await api.GetNodePortAsync("np-r3api", Ct), await api.GetNodePortAsync("np-r3app", Ct));
        Assert.Equal($"https://10.1.2.3:{frontPort}", (string?)front["userdata"]!["baseuri"]);
        Assert.Equal(("k8soidc", "k2hr3", "https://login.example/dex"),
            ((string?)front["keystone"]!["type"], (string?)front["k8soidc"]!["audience"], (string?)front["k8soidc"]!["issuer"]));
        Assert.Equal(($"https://k2hr3.example:{appPort}/oidc/login/cb", ClientSecret),
            ((string?)app["params"]!["redirectUrl"], (string?)app["params"]!["client_secret"]));

        var certificates = await api.GetSecretAsync("secret-k2hr3-certs", Ct);
        foreach (var pod in (string[])["pod-r3dkc-1.svc-r3dkc", "pod-r3api-0.svc-r3api", "pod-r3app.svc-r3app"])
            Assert.All((string[])["server.crt", "server.key", "client.crt", "client.key"],
                f => Assert.Contains($"{pod}.{f}", certificates!));
        using var certificate = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(certificates!["pod-r3api-0.svc-r3api.server.crt"]));
        Assert.True(certificate.MatchesHostname("svc-r3api.demo.svc.cluster.local"));
        Assert.True(certificate.MatchesHostname("10.1.2.3"));

        // What a cluster's pods speak to is this K2HR3.
        await using var session = await KubernetesAsync();
        await session.Clusters.CreateClusterAsync(new NewCluster("web") { ServerCount = 1 }, Waiting, Ct);
        var set = await api.GetSetAsync("web", isServer: true, Ct);
        Assert.Equal("https://svc-r3api.demo.svc.cluster.local:443", set!.K2hr3Uri);
        var systems = session.Feature<IK2hr3Deployments>();
        var inUse = await Assert.ThrowsAsync<DbaasException>(() => systems.RemoveAsync("k2hr3", Waiting, Ct));
        Assert.Equal(ErrorIds.K2hr3DeploymentInUse, inUse.ErrorId);
        Assert.Contains("web", inUse.Message, StringComparison.Ordinal);
        await session.Clusters.RemoveClusterAsync("web", Waiting, Ct);

        var gone = await systems.RemoveAsync("k2hr3", Waiting, Ct);
        Assert.Equal(2, gone.Count(g => g.Kind == "volume claim"));
        Assert.Contains(gone, g => g is { Kind: "cluster role binding", Name: "crb-r3api-demo" });
        Assert.Empty(await systems.GetAsync("*", Ct));
        await NothingOfItIsLeftAsync();
        Assert.DoesNotContain(ClientSecret, string.Join('\n', Observer.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_there_or_wrong_is_told_before_anything_is_made()
    {
        await using var session = await KubernetesAsync(withK2hr3: false);
        var systems = session.Feature<IK2hr3Deployments>();
        foreach (var (request, told) in new[]
        {
            (Changed(issuer: "dex"), "OpenID Connect"), (Changed(host: "https://k2hr3"), "no IPv4 address"),
            (Changed(port: 31443), "31443"),
        })
        {
            var wrong = await Assert.ThrowsAsync<DbaasException>(() => systems.CheckAsync(request, Ct));
            Assert.Equal(ErrorIds.InvalidRequest, wrong.ErrorId);
            Assert.Contains(told, wrong.Message, StringComparison.Ordinal);
            Assert.NotNull(wrong.NextStep);
        }

        Assert.DoesNotContain(Sandbox.Calls.All, c => c.IsChange);
        await systems.CreateAsync(Request, Quietly, Ct);
        var there = await Assert.ThrowsAsync<DbaasException>(() => systems.CreateAsync(Request, Quietly, Ct));
        Assert.Equal(ErrorIds.K2hr3DeploymentExists, there.ErrorId);
        var none = await Assert.ThrowsAsync<DbaasException>(() => systems.RemoveAsync("other", Quietly, Ct));
        Assert.Equal(ErrorIds.K2hr3DeploymentNotFound, none.ErrorId);
    }

    [Fact]
    public async Task Pods_that_do_not_start_are_named_and_a_refusal_takes_all_back()
    {
        await using var session = await KubernetesAsync(withK2hr3: false);
        var systems = session.Feature<IK2hr3Deployments>();
        Sandbox.Faults.Add(new()
        {
            Service = "kubernetes",
            Method = "PATCH",
            Path = "*/deployments/pod-r3app",
            Status = 403,
            Message = "exceeded quota: pods",
        });
        var refused = await Assert.ThrowsAnyAsync<DbaasException>(() => systems.CreateAsync(Request, Waiting, Ct));
        Assert.Equal(ErrorKind.QuotaExceeded, refused.Kind);
        Assert.Contains("stateful set pod-r3dkc", refused.Message, StringComparison.Ordinal);
        await NothingOfItIsLeftAsync();

        Sandbox.Faults.Clear();
        Sandbox.PodFaults.Add(new(PodFaultKind.ImagePull, null, "pod-r3dkc-*"));
        var brief = Waiting with { Timeout = TimeSpan.FromSeconds(3) };
        var late = await Assert.ThrowsAnyAsync<DbaasException>(() => systems.CreateAsync(Request, brief, Ct));
        Assert.Equal(ErrorIds.K2hr3DeploymentWaitTimeout, late.ErrorId);
        Assert.Contains("0 of 2 pods of pod-r3dkc are ready", late.Message, StringComparison.Ordinal);
        Assert.Contains("ImagePull", late.Message, StringComparison.Ordinal);
        // An API without a ring answers nobody.
        Assert.Contains("0 of 2 pods of pod-r3api are ready", Assert.Single(await systems.GetAsync("*", Ct)).StatusDetail!,
            StringComparison.Ordinal);
        await systems.RemoveAsync("k2hr3", Waiting, Ct);
        await NothingOfItIsLeftAsync();
    }

    [Fact]
    public async Task A_removal_that_broke_off_before_its_volume_claims_is_finished_by_the_next()
    {
        await using var session = await KubernetesAsync(withK2hr3: false);
        var systems = session.Feature<IK2hr3Deployments>();
        await systems.CreateAsync(Request, Waiting, Ct);
        Sandbox.Faults.Add(new() { Service = "kubernetes", Method = "GET", Path = "*/persistentvolumeclaims", Status = 403 });
        var broken = await Assert.ThrowsAnyAsync<DbaasException>(() => systems.RemoveAsync("k2hr3", Waiting, Ct));
        Assert.Contains("stateful set pod-r3dkc", broken.Message, StringComparison.Ordinal);
        Sandbox.Faults.Clear();
        Assert.Empty(await systems.GetAsync("*", Ct));

        await systems.CheckRemovalAsync("k2hr3", force: false, Ct);
        Assert.Equal(["volume claim", "volume claim"], (await systems.RemoveAsync("k2hr3", Waiting, Ct)).Select(g => g.Kind));
        await NothingOfItIsLeftAsync();
        var none = await Assert.ThrowsAsync<DbaasException>(() => systems.RemoveAsync("k2hr3", Waiting, Ct));
        Assert.Equal(ErrorIds.K2hr3DeploymentNotFound, none.ErrorId);
    }

    [Fact]
    public async Task What_is_missing_is_made_and_what_is_there_stays()
    {
        await using var session = await KubernetesAsync(withK2hr3: false);
        var systems = session.Feature<IK2hr3Deployments>();
        await systems.CreateAsync(Request, Quietly, Ct);
        using var api = Api(Sandbox);
        var before = await api.GetSecretAsync("secret-k2hr3-ca-key", Ct);
        var settings = await api.GetSecretAsync("secret-k2hr3-config", Ct);
        Assert.True(await api.DeleteAsync(ObjectKind.StatefulSet, "pod-r3api", Ct));
        Assert.Equal((ClusterStatus.Incomplete, "r3api is missing"),
            Assert.Single(await systems.GetAsync("k2*", Ct)) is var half ? (half.Status, half.StatusDetail!.Split(';')[0]) : default);
        Assert.Equal(ClusterStatus.Ready, (await systems.CreateAsync(Request, Waiting, Ct)).Status);
        Assert.Equal(before!["tls.crt"], (await api.GetSecretAsync("secret-k2hr3-ca-key", Ct))!["tls.crt"]);
        Assert.Equal(K2hr3SystemSettings.PassphraseOf(settings),
            K2hr3SystemSettings.PassphraseOf(await api.GetSecretAsync("secret-k2hr3-config", Ct)));
    }

    [Fact]
    public async Task Those_of_other_tools_are_found_and_Helms_is_left_alone()
    {
        using var http = await OperatorAsync();
        await PutAsync(http, "", "r3dkc", "SERVER", 1);
        await PutAsync(http, "", "r3api", "SLAVE", 1);
        await PutAsync(http, "", "r3app", null, 1);
        await PutAsync(http, "-main", "r3dkc-main", "SERVER", 1);
        await PutAsync(http, "-main", "r3api-main", "SLAVE", 1);
        await PutAsync(http, "-main", "r3app-main", null, 1);
        await SendAsync(http, "/api/v1/namespaces/demo/services", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "np-r3api" },
            ["spec"] = new JsonObject
            {
                ["type"] = "NodePort",
                ["ports"] = new JsonArray(new JsonObject { ["port"] = 8443, ["nodePort"] = 31443 }),
            },
        });
        await SendAsync(http, "/api/v1/namespaces/demo/configmaps", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "configmap-k2hr3" },
            ["data"] = new JsonObject { ["k2hr3-api-production.json"] = "{'userdata': {'baseuri': 'https://node1.example:31443'}}" },
        });
        await using var session = await KubernetesAsync(withK2hr3: false);
        var systems = session.Feature<IK2hr3Deployments>();
        var found = await systems.GetAsync("*", Ct);
        Assert.Equal([("k2hr3", "k2hr3 database-k8s"), ("k2hr3-main", "Helm")], found.Select(f => (f.Name, f.ManagedBy)));
        Assert.Equal("https://node1.example:31443/", found[0].K2hr3Uri!.AbsoluteUri);
        Assert.Null(found[1].K2hr3Uri);
        var exists = await Assert.ThrowsAsync<DbaasException>(() => systems.CreateAsync(Request, Quietly, Ct));
        Assert.Contains("k2hr3 database-k8s", exists.Message, StringComparison.Ordinal);
        var helms = await Assert.ThrowsAsync<DbaasException>(() => systems.RemoveAsync("k2hr3-main", Waiting, Ct));
        Assert.Contains("helm uninstall rel", helms.NextStep, StringComparison.Ordinal);
        Assert.Contains(await systems.RemoveAsync("k2hr3", Waiting, Ct), g => g is { Kind: "deployment", Name: "pod-r3app" });
        Assert.Equal("k2hr3-main", Assert.Single(await systems.GetAsync("*", Ct)).Name);
    }

    private async Task NothingOfItIsLeftAsync()
    {
        using var http = await OperatorAsync();
        const string Space = "/namespaces/demo/";
        foreach (var path in (string[])[$"/api/v1{Space}services", $"/api/v1{Space}secrets", $"/api/v1{Space}configmaps",
            $"/api/v1{Space}serviceaccounts", $"/api/v1{Space}persistentvolumeclaims", $"/apis/apps/v1{Space}statefulsets",
            $"/apis/apps/v1{Space}deployments", "/apis/rbac.authorization.k8s.io/v1/clusterroles",
            "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"])
        {
            var list = await http.GetStringAsync(new Uri($"{path}?labelSelector=app.kubernetes.io/name=k2hr3", UriKind.Relative), Ct);
            // A claim stays until its pod has let it go.
            Assert.DoesNotContain(JsonNode.Parse(list)!["items"]!.AsArray(), i => i!["metadata"]!["deletionTimestamp"] is null);
        }
    }

    private static NewK2hr3Deployment Changed(string issuer = "https://login.example", string host = "localhost", int? port = null) => new()
    {
        OidcIssuer = new Uri(issuer, UriKind.RelativeOrAbsolute),
        OidcClientId = "k2hr3",
        OidcClientSecret = ClientSecret,
        ApiHost = host,
        ApiNodePort = port,
        AppNodePort = port,
    };

    // A part as the command line or, with a name after it, the chart makes it.
    private static Task PutAsync(HttpClient http, string suffix, string part, string? mode, int count)
    {
        var meta = new JsonObject { ["name"] = "pod-" + part };
        if (suffix.Length > 0)
        {
            meta["labels"] = new JsonObject { ["app.kubernetes.io/managed-by"] = "Helm" };
            meta["annotations"] = new JsonObject { ["meta.helm.sh/release-name"] = "rel" };
        }

        JsonObject Container(string stem, JsonArray env) => new() { ["name"] = $"{stem}-{part}", ["image"] = "some:1", ["env"] = env };
        JsonObject Mark() => new() { ["app"] = part };
        var spec = new JsonObject
        {
            ["replicas"] = count,
            ["selector"] = new JsonObject { ["matchLabels"] = Mark() },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = Mark() },
                ["spec"] = new JsonObject
                {
                    ["initContainers"] = new JsonArray(Container("init",
                        mode is null ? [] : [new JsonObject { ["name"] = "CHMPX_MODE", ["value"] = mode }])),
                    ["containers"] = new JsonArray(Container("container", [])),
                    ["volumes"] = new JsonArray(new JsonObject
                    {
                        ["name"] = "c",
                        ["configMap"] = new JsonObject { ["name"] = "configmap-k2hr3" + suffix },
                    }),
                },
            },
        };
        if (mode is not null) spec["serviceName"] = "svc-" + part;
        return SendAsync(http, $"/apis/apps/v1/namespaces/demo/{(mode is null ? "deployments" : "statefulsets")}", new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = mode is null ? "Deployment" : "StatefulSet",
            ["metadata"] = meta,
            ["spec"] = spec,
        });
    }

    private static async Task SendAsync(HttpClient http, string path, JsonObject body)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content, Ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
    }
}
