using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Pods;

/// <summary>The pods of the Helm chart's hook Jobs: they make the cluster's resources, policy and roles in K2HR3, or remove them.</summary>
internal sealed class RegistrationProgram(SandboxState state, KubernetesCluster kubernetes, JsonObject pod, PodLog log) : IPodProgram
{
    private readonly PodFiles _files = new(kubernetes.Store, pod);
    private readonly PodNetwork _network = new(state, kubernetes.Store, pod.Text("status", "podIP"));

    /// <summary>Whether a pod is one of these Jobs'.</summary>
    public static bool Takes(JsonObject pod) =>
        pod.Items("spec", "containers").Any(c => Script(c) is not null && c.Items("env").Any(e => e.Text("name") == "K2HR3_API_URL"));

    public Task<int> InitAsync(string container, CancellationToken ct) => Task.FromResult(0);

    public Task<int> StartedAsync(string container, CancellationToken ct) => Task.FromResult(0);

    public Task StoppingAsync(string container, CancellationToken ct) => Task.CompletedTask;

    public bool IsReady(string container) => true;

    public async Task<int> RunAsync(string container, CancellationToken ct)
    {
        try
        {
            var env = _files.Environment(container);
            var files = _files.Files(container);
            string Value(string name) =>
                env.GetValueOrDefault(name) is { Length: > 0 } value ? value : throw new PodFailure($"{name} environment is not set.");
            var (api, tenant, cluster) = (Value("K2HR3_API_URL").TrimEnd('/'), Value("K2HR3_TENANT"), Value("K2HDKC_CLUSTER_NAME"));
            if (!files.TryGetValue($"{Value("SEC_K2HR3_TOKEN_MOUNTPOINT")}/{Value("SEC_UTOKEN_FILENAME")}", out var unscoped))
                throw new PodFailure("K2HR3 Unscoped token file is not existed.");
            var token = await K2hr3Calls.ScopeAsync(_network, api, Encoding.UTF8.GetString(unscoped).Trim(), tenant,
                ct).ConfigureAwait(false);
            if (Script(_files.Container(container)) == "unsetup")
                return await RemoveAsync(container, api, token, cluster, ct).ConfigureAwait(false);
            if (!files.TryGetValue(Value("K2HDKC_INI_TEMPL_FILE"), out var template)) throw new PodFailure("Failed expand ini file");
            int Port(string name) => int.Parse(Value(name), CultureInfo.InvariantCulture);
            await SetUpAsync(api, token, tenant, cluster,
                Expand(Encoding.UTF8.GetString(template), tenant, cluster, Value("ANTPICKAX_ETC_DIR")),
                (Port("K2HDKC_SVR_PORT"), Port("K2HDKC_SVR_CTLPORT"), Port("K2HDKC_SLV_CTLPORT")), ct).ConfigureAwait(false);
            return 0;
        }
        catch (PodFailure e)
        {
            log.Write(container, "[ERROR] " + e.Message);
            return 1;
        }
    }

    public ValueTask DisposeAsync()
    {
        _network.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string? Script(JsonObject container) => container.Texts("command").Concat(container.Texts("args"))
        .Select(w => w.EndsWith("/dbaas-unsetup-k2hr3-data.sh", StringComparison.Ordinal)
            ? "unsetup"
            : w.EndsWith("/dbaas-setup-k2hr3-data.sh", StringComparison.Ordinal) ? "setup" : null).FirstOrDefault(s => s is not null);

    private static string Expand(string template, string tenant, string cluster, string folder) => template
        .Replace("%%K2HR3_TENANT_NAME%%", tenant, StringComparison.Ordinal)
        .Replace("%%K2HDKC_DBAAS_CLUSTER_NAME%%", cluster, StringComparison.Ordinal)
        .Replace("%%CHMPX_SSL_SETTING%%",
            $"SSL = on\nSSL_VERIFY_PEER = on\nCAPATH = {folder}/ca.crt\nSERVER_CERT = {folder}/server.crt\nSERVER_PRIKEY = "
                + $"{folder}/server.key\nSLAVE_CERT = {folder}/client.crt\nSLAVE_PRIKEY = {folder}/client.key", StringComparison.Ordinal);

    private async Task SetUpAsync(string api, string token, string tenant, string cluster, string data,
        (int Server, int Control, int Slave) ports, CancellationToken ct)
    {
        Task PostAsync(string kind, JsonObject body) =>
            K2hr3Calls.AskAsync(_network, HttpMethod.Post, $"{api}/v1/{kind}", token, new JsonObject { [kind] = body }, 201, ct);
        await PostAsync("resource", new JsonObject
        {
            ["name"] = cluster,
            ["type"] = "string",
            ["data"] = data,
            ["keys"] = new JsonObject
            {
                ["cluster-name"] = cluster,
                ["chmpx-server-port"] = ports.Server,
                ["chmpx-server-ctlport"] = ports.Control,
                ["chmpx-slave-ctlport"] = ports.Slave
            },
        }).ConfigureAwait(false);
        foreach (var mode in new[] { "server", "slave" })
            await PostAsync("resource",
                new JsonObject
                {
                    ["name"] = $"{cluster}/{mode}",
                    ["type"] = "string",
                    ["data"] = "",
                    ["keys"] = new JsonObject { ["chmpx-mode"] = mode.ToUpperInvariant() }
                }).ConfigureAwait(false);
        await PostAsync("policy", new JsonObject
        {
            ["name"] = cluster,
            ["effect"] = "allow",
            ["action"] = new JsonArray("yrn:yahoo::::action:read"),
            ["resource"] = new JsonArray($"yrn:yahoo:::{tenant}:resource:{cluster}/server",
                $"yrn:yahoo:::{tenant}:resource:{cluster}/slave"),
        }).ConfigureAwait(false);
        await PostAsync("role",
            new JsonObject { ["name"] = cluster, ["policies"] = new JsonArray($"yrn:yahoo:::{tenant}:policy:{cluster}") }).ConfigureAwait(
                false);
        foreach (var mode in new[] { "server", "slave" })
            await PostAsync("role", new JsonObject { ["name"] = $"{cluster}/{mode}" }).ConfigureAwait(false);
    }

    private async Task<int> RemoveAsync(string container, string api, string token, string cluster, CancellationToken ct)
    {
        var isWhole = true;
        async Task<bool> DropAsync(string path)
        {
            try
            {
                await K2hr3Calls.AskAsync(_network, HttpMethod.Delete, $"{api}/v1/{path}", token, null, 204, ct).ConfigureAwait(false);
                return true;
            }
            catch (PodFailure e)
            {
                log.Write(container, "[ERROR] " + e.Message);
                return isWhole = false;
            }
        }

        // What is above goes only when both below have gone.
        foreach (var kind in new[] { "role", "resource" })
        {
            var below = await DropAsync($"{kind}/{cluster}/server").ConfigureAwait(false);
            below &= await DropAsync($"{kind}/{cluster}/slave").ConfigureAwait(false);
            if (below) await DropAsync($"{kind}/{cluster}").ConfigureAwait(false);
            if (kind == "role") await DropAsync($"policy/{cluster}").ConfigureAwait(false);
        }
        return isWhole ? 0 : 1;
    }
}
