using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Tests.Hosting;

namespace K2hdkcDbaas.Sandbox.Tests.Kubernetes;

/// <summary>A K2HDKC cluster as the command line makes it: its part in K2HR3 and its objects in Kubernetes.</summary>
public sealed class DatabaseCluster(Kube kube)
{
    private const string Template = """
        {{#!k2hr3template }}
        [GLOBAL]
        FILEVERSION = 1
        DATE = %%FILE_DOWNLOAD_DATE%%
        GROUP = db
        MODE = {{= %chmpx-mode% }}
        CHMPXIDTYPE = CUSTOM
        DELIVERMODE = hash
        MAXCHMPX = 256
        REPLICA = 1
        {{ if 'SERVER' == %chmpx-mode% }}
        PORT = {{= %chmpx-server-port% }}
        CTLPORT = {{= %chmpx-server-ctlport% }}
        SELFCTLPORT = {{= %chmpx-server-ctlport% }}
        {{ else }}
        CTLPORT = {{= %chmpx-slave-ctlport% }}
        SELFCTLPORT = {{= %chmpx-slave-ctlport% }}
        {{ endif }}
        SELFCUK = %%SELF_CONTAINER_CUK%%
        AUTOMERGE = on
        DOMERGE = on
        SSL = no
        {{ foreach %host_key% in %yrn:yahoo:::demo:role:db/server/hosts/ip% }}
        {{ %one_host% = %yrn:yahoo:::demo:role:db/server/hosts/ip%{%host_key%} }}
        [SVRNODE]
        NAME = {{= %one_host%{'host'} }}
        CUK = {{= %one_host%{'cuk'} }}
        PORT = {{= %chmpx-server-port% }}
        CTLPORT = {{= %chmpx-server-ctlport% }}
        CUSTOM_ID_SEED = {{= %one_host%{'tag'} }}
        {{ done }}
        [SLVNODE]
        NAME = 127.0.0.1
        CUK = dummy_cuk
        CTLPORT = {{= %chmpx-slave-ctlport% }}
        CUSTOM_ID_SEED = dummy_host
        """;

    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false });

    public Dictionary<string, string> Tokens { get; } = [];

    public string User { get; private set; } = "";

    /// <summary>What the setup half of the command line does.</summary>
    public async Task SetUpAsync()
    {
        await LogInAsync();
        await K2hr3Async("POST", "/v1/resource", new JsonObject
        {
            ["resource"] = new JsonObject
            {
                ["name"] = "db",
                ["type"] = "string",
                ["data"] = Template,
                ["keys"] = new JsonObject
                {
                    ["cluster-name"] = "db",
                    ["chmpx-server-port"] = 8020,
                    ["chmpx-server-ctlport"] = 8021,
                    ["chmpx-slave-ctlport"] = 8022
                },
            },
        });
        foreach (var mode in new[] { "server", "slave" })
            await K2hr3Async("POST", "/v1/resource",
                new JsonObject
                {
                    ["resource"] =
                    new JsonObject
                    {
                        ["name"] = "db/" + mode,
                        ["type"] = "string",
                        ["data"] = "",
                        ["keys"] = new JsonObject { ["chmpx-mode"] = mode.ToUpperInvariant() }
                    }
                });
        await K2hr3Async("POST", "/v1/policy",
            JsonNode.Parse("""{"policy": {"name": "db", "effect": "allow", "action": ["yrn:yahoo::::action:read"], "resource": ["yrn:yahoo:::demo:resource:db/server", "yrn:yahoo:::demo:resource:db/slave"]}}"""));
        await K2hr3Async("POST", "/v1/role", JsonNode.Parse("""{"role": {"name": "db", "policies": ["yrn:yahoo:::demo:policy:db"]}}"""));
        foreach (var mode in new[] { "server", "slave" })
        {
            await K2hr3Async("POST", "/v1/role", new JsonObject { ["role"] = new JsonObject { ["name"] = "db/" + mode } });
            Tokens[mode] = Kube.Word((await K2hr3Async("GET", $"/v1/role/token/db/{mode}?expire=0")).Body, "token");
        }
    }

    public async Task LogInAsync()
    {
        var token = await K2hr3Async("POST", "/v1/user/tokens",
            JsonNode.Parse("""{"auth": {"tenantName": "demo", "passwordCredentials": {"username": "demo", "password": "PASSWORD"}}}"""
                .Replace("PASSWORD", kube.Host.Password, StringComparison.Ordinal)));
        User = Kube.Word(token.Body, "token");
    }

    /// <summary>What the create half does, for servers only.</summary>
    public async Task CreateAsync(int servers, string more = "", string mounts = "")
    {
        await kube.MustAsync("POST", "/api/v1/namespaces/demo/secrets", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "secret-db-k2hr3-token" },
            ["stringData"] = new JsonObject { ["role-token-server"] = Tokens["server"], ["role-token-slave"] = Tokens["slave"] },
        }.ToJsonString());
        await kube.MustAsync("POST", "/apis/apps/v1/namespaces/demo/statefulsets", Set("svr", "server", servers, more, mounts));
    }

    public string Set(string stem, string mode, int replicas, string more = "", string mounts = "")
    {
        var fields = string.Join(", ", new[]
        {
            ("NODE_NAME", "spec.nodeName"), ("POD_NAME", "metadata.name"), ("NAMESPACE", "metadata.namespace"), ("POD_IP", "status.podIP"),
            ("POD_SERVICE_ACCOUNT", "spec.serviceAccountName"), ("NODE_IP", "status.hostIP"), ("POD_ID", "metadata.uid"),
        }.Select(f => """{"name": "K2HDKC_@NAME@", "valueFrom": {"fieldRef": {"fieldPath": "@PATH@"}}}"""
            .Replace("@NAME@", f.Item1, StringComparison.Ordinal).Replace("@PATH@", f.Item2, StringComparison.Ordinal)));
        var process = mode == "server"
            ? """, {"name": "svrk2hdkc-db", "image": "antpickax/k2hdkc:latest", "readinessProbe": {"exec": {"command": ["chmpxstatus", "-self"]}}@MOUNTS@}""" : "";
        var text = """
            {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "@STEM@pod-db"}, "spec": {"serviceName": "@STEM@svc-db", "replicas": @REPLICAS@,
             "selector": {"matchLabels": {"app": "db"}}@MORE@, "template": {"metadata": {"labels": {"app": "db"}}, "spec": {
              "volumes": [{"name": "secret-db-k2hr3-token", "secret": {"secretName": "secret-db-k2hr3-token"}}],
              "initContainers": [{"name": "@STEM@init-db", "image": "alpine:3.13.5", "command": ["/bin/sh", "/configmap/dbaas-k2hdkc-variables-setup.sh"],
               "volumeMounts": [{"name": "secret-db-k2hr3-token", "mountPath": "/secret-k2hr3-token", "readOnly": true}],
               "env": [{"name": "K2HR3_API_URL", "value": "@API@"}, {"name": "K2HDKC_DOMAIN", "value": "svc.cluster.local"},
                {"name": "K2HKDC_CLUSTER_NAME", "value": "db"}, {"name": "K2HDKC_MODE", "value": "@MODE@"}, @FIELDS@]}],
              "containers": [{"name": "@STEM@update-db", "image": "alpine:3.13.5", "command": ["/bin/sh", "/configmap/dbaas-k2hdkc-ini-update.sh"], "lifecycle": {
                "postStart": {"exec": {"command": ["/bin/sh", "/configmap/dbaas-k2hdkc-k2hr3-registration.sh", "-reg"]}},
                "preStop": {"exec": {"command": ["/bin/sh", "/configmap/dbaas-k2hdkc-k2hr3-registration.sh", "-del"]}}}},
               {"name": "@STEM@chmpx-db", "image": "antpickax/chmpx:latest"}@PROCESS@]}}}}
            """;
        foreach (var (name, value) in new[]
        {
            ("@PROCESS@", process), ("@STEM@", stem), ("@MODE@", mode),
            ("@REPLICAS@", replicas.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("@MORE@", more),
            ("@MOUNTS@", mounts), ("@FIELDS@", fields), ("@API@", kube.Host.K2hr3Url.ToString()),
        }) text = text.Replace(name, value, StringComparison.Ordinal);
        return text;
    }

    public async Task<Answer> K2hr3Async(string method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(kube.Host.K2hr3Url, path));
        if (User.Length > 0) request.Headers.TryAddWithoutValidation("x-auth-token", "U=" + User);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using var message = await Http.SendAsync(request, Kube.Ct);
        var text = await message.Content.ReadAsStringAsync(Kube.Ct);
        return new Answer((int)message.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : null, text, message);
    }

    /// <summary>The host lines of the server role.</summary>
    public async Task<IReadOnlyList<string>> HostsAsync() =>
        [.. (await K2hr3Async("GET", "/v1/role/db/server?expand=false")).Body!["role"]!["hosts"]!["ips"]!.AsArray()
            .Select(h => h!.GetValue<string>())];
}
