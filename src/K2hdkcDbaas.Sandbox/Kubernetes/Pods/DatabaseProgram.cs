using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Sandbox.Guests;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;
using K2hdkcDbaas.Sandbox.Nodes;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Pods;

/// <summary>
/// A server or slave pod of a K2HDKC cluster, as the pod scripts of the command line and the Helm chart have it: the init container finds
/// token, role, key and certificates; the update container registers the pod in its K2HR3 role, follows the configuration and takes the pod
/// out of the role at the end; chmpx and k2hdkc are a managed node of the sandbox. Pod files are found by the Secrets and ConfigMaps that
/// are mounted.
/// </summary>
/// <remarks>The scripts' own text is not run. Both forms of certificate names are found, and curl is there.</remarks>
internal sealed class DatabaseProgram : IPodProgram
{
    private const string ConfigurationFolder = "/etc/antpickax";
    private const string DataFile = "/var/lib/antpickax/k2hdkc/k2hdkc.k2h";

    private readonly SandboxState _state;
    private readonly KubernetesCluster _kubernetes;
    private readonly JsonObject _pod;
    private readonly PodLog _log;
    private readonly PodFiles _files;
    private readonly PodNetwork _network;
    private readonly PlainProgram _plain;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly string _address;
    private string _api = "", _role = "", _resource = "", _token = "", _cuk = "", _mode = "", _cluster = "", _folder = "";
    private string? _configuration, _applied;
    private readonly TaskCompletionSource _configured = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private INode? _node;
    private string? _runs;

    public DatabaseProgram(SandboxState state, KubernetesCluster kubernetes, JsonObject pod, PodLog log)
    {
        (_state, _kubernetes, _pod, _log) = (state, kubernetes, pod, log);
        _files = new PodFiles(kubernetes.Store, pod);
        _address = pod.Text("status", "podIP");
        _network = new PodNetwork(state, kubernetes.Store, _address);
        _plain = new PlainProgram(pod, log, state.Clock);
    }

    /// <summary>Whether a pod is one of a K2HDKC cluster: an init container is told K2HR3's address and the mode.</summary>
    public static bool Takes(JsonObject pod) => pod.Items("spec", "initContainers").Any(c =>
        c.Items("env").Any(e => e.Text("name") == "K2HDKC_MODE") && c.Items("env").Any(e => e.Text("name") == "K2HR3_API_URL"));

    public async Task<int> InitAsync(string container, CancellationToken ct)
    {
        var env = _files.Environment(container);
        if (!env.ContainsKey("K2HDKC_MODE") || !env.ContainsKey("K2HR3_API_URL"))
            return await _plain.InitAsync(container, ct).ConfigureAwait(false);
        string Value(params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
                if (env.GetValueOrDefault(name) is { Length: > 0 } value) return value;
            throw new PodFailure($"{names[0]} environment is not set.");
        }

        try
        {
            _api = Value("K2HR3_API_URL").TrimEnd('/');
            // The command line's own spelling first.
            _cluster = Value("K2HKDC_CLUSTER_NAME", "K2HDKC_CLUSTER_NAME");
            _mode = Value("K2HDKC_MODE").ToLowerInvariant();
            if (_mode is not ("server" or "slave")) throw new PodFailure("K2HDKC_MODE environment is wrong.");
            Value("K2HDKC_DOMAIN");
            var tenant = env.GetValueOrDefault("K2HR3_TENANT") is { Length: > 0 } given ? given : Value("K2HDKC_NAMESPACE");
            var key = new JsonObject
            {
                ["k8s_container_id"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)),
                ["k8s_k2hr3_rand"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
                ["k8s_namespace"] = Value("K2HDKC_NAMESPACE"),
                ["k8s_node_ip"] = Value("K2HDKC_NODE_IP"),
                ["k8s_node_name"] = Value("K2HDKC_NODE_NAME"),
                ["k8s_pod_id"] = Value("K2HDKC_POD_ID"),
                ["k8s_pod_ip"] = Value("K2HDKC_POD_IP"),
                ["k8s_pod_name"] = Value("K2HDKC_POD_NAME"),
                ["k8s_service_account"] = Value("K2HDKC_POD_SERVICE_ACCOUNT"),
            };
            _cuk = Convert.ToBase64String(Encoding.UTF8.GetBytes(key.ToJsonString()));
            var prefix = env.GetValueOrDefault("K2HR3_YRN_PREFIX") is { Length: > 0 } own ? own : "yrn:yahoo:::";
            _role = $"{prefix}{tenant}:role:{_cluster}/{_mode}";
            _resource = $"{prefix}{tenant}:resource:{_cluster}/{_mode}";
            var files = _files.Files(container);
            _token = await RoleTokenAsync(files, env, tenant, ct).ConfigureAwait(false);
            LayCertificates(files);
            return 0;
        }
        catch (PodFailure e)
        {
            _log.Write(container, $"[ERROR] {e.Message}");
            return 1;
        }
    }

    public async Task<int> StartedAsync(string container, CancellationToken ct)
    {
        if (_files.Container(container).At("lifecycle", "postStart") is null) return 0;
        var url = $"{_api}/v1/role/{_role}?extra=k8s-auto-v1&cuk={Encoded}&tag={_pod.Name()}";
        try
        {
            // curl's own failure counts; an HTTP error passes.
            var (status, _) = await _network.SendAsync(HttpMethod.Put, url, "R=" + _token, null, ct).ConfigureAwait(false);
            _log.Write(container, status == 201
                ? $"registered {_address} as {_pod.Name()} in {_role}"
                : $"registration in {_role}: HTTP status {status}");
            return 0;
        }
        catch (HttpRequestException e)
        {
            _log.Write(container, $"[ERROR] registration in {_role}: {e.Message}");
            return 1;
        }
    }

    public async Task<int> RunAsync(string container, CancellationToken ct)
    {
        if (container.StartsWith("svrupdate-", StringComparison.Ordinal) || container.StartsWith("slvupdate-", StringComparison.Ordinal))
            return await FollowAsync(container, ct).ConfigureAwait(false);
        var runsNode = container.StartsWith(_mode == "server" ? "svrk2hdkc-" : "slvchmpx-", StringComparison.Ordinal);
        if (!runsNode || _files.Environment(container).GetValueOrDefault("K2HDKC_MANUAL_START") == "true")
        {
            if (!container.StartsWith("svrchmpx-", StringComparison.Ordinal))
                return await _plain.RunAsync(container, ct).ConfigureAwait(false);
            await Task.Delay(Timeout.InfiniteTimeSpan, _state.Clock, ct).ConfigureAwait(false);
        }
        await _configured.Task.WaitAsync(ct).ConfigureAwait(false);
        _runs = container;
        try
        {
            await ApplyAsync(container, ct).ConfigureAwait(false);
            await Task.Delay(Timeout.InfiniteTimeSpan, _state.Clock, ct).ConfigureAwait(false);
            return 0;
        }
        finally
        {
            _runs = null;
            await StopNodeAsync(container).ConfigureAwait(false);
        }
    }

    public async Task StoppingAsync(string container, CancellationToken ct)
    {
        if (_role.Length == 0) return;
        try
        {
            // K2HR3 goes by the address and the key: no token is sent.
            await _network.SendAsync(HttpMethod.Delete, $"{_api}/v1/role/{_role}?extra=k8s-auto-v1&cuk={Encoded}&tag={_pod.Name()}",
                null, null, ct).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            _log.Write(container, $"[ERROR] leaving {_role}: {e.Message}");
        }
    }

    public bool IsReady(string container)
    {
        if (_kubernetes.Nodes is null) return _configuration is not null;
        return _node is { } node && (_mode == "slave" || node.Status == NodeStatus.InService);
    }

    public async ValueTask DisposeAsync()
    {
        await StopNodeAsync(null).ConfigureAwait(false);
        _network.Dispose();
        _turn.Dispose();
        if (_folder.Length > 0) Directory.Delete(_folder, recursive: true);
    }

    private string Encoded => _cuk.Replace('+', '-').Replace('/', '_').Replace("=", "%3d", StringComparison.Ordinal);

    private async Task<string> RoleTokenAsync(Dictionary<string, byte[]> files, Dictionary<string, string> env, string tenant,
        CancellationToken ct)
    {
        if (files.FirstOrDefault(f => f.Key.EndsWith("/role-token-" + _mode, StringComparison.Ordinal)).Value is { } role)
            return Encoding.UTF8.GetString(role).Trim();
        if (!files.TryGetValue($"{env.GetValueOrDefault("SEC_K2HR3_TOKEN_MOUNTPOINT")}/{env.GetValueOrDefault("SEC_UTOKEN_FILENAME")}",
            out var unscoped)) throw new PodFailure("no K2HR3 token file");
        var token = await K2hr3Calls.ScopeAsync(_network, _api, Encoding.UTF8.GetString(unscoped).Trim(), tenant, ct).ConfigureAwait(false);
        return await K2hr3Calls.RoleTokenAsync(_network, _api, token, $"{_cluster}/{_mode}", ct).ConfigureAwait(false);
    }

    // Names of both forms: by the pod's short and by its full host name. All four, or none.
    private void LayCertificates(Dictionary<string, byte[]> files)
    {
        if (files.FirstOrDefault(
            f => f.Key.EndsWith("/ca.crt", StringComparison.Ordinal)
                || f.Key.EndsWith("_CA.crt", StringComparison.Ordinal)).Value is not { } authority) return;
        _folder = Directory.CreateTempSubdirectory("k2hdkc-pod-").FullName;
        File.WriteAllBytes(Path.Combine(_folder, "ca.crt"), authority);
        var laid = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        if (files.FirstOrDefault(f => f.Key.EndsWith("_CA.key", StringComparison.Ordinal)).Value is { } key)
        {
            var (certificate, own) =
                NodeCertificate.Sign(authority, key, _pod.Name(), $"{_pod.Text("spec", "subdomain")}.{_pod.Namespace()}.svc.cluster.local",
                    IPAddress.Parse(_address));
            foreach (var kind in (ReadOnlySpan<string>)["server", "client"])
                (laid[kind + ".crt"], laid[kind + ".key"]) = (certificate, own);
        }
        else
        {
            var stem = $"/{_pod.Name()}.{_pod.Text("spec", "subdomain")}.";
            foreach (var (path, content) in files)
            {
                foreach (var name in (ReadOnlySpan<string>)["server.crt", "server.key", "client.crt", "client.key"])
                    if (path.Contains(stem, StringComparison.Ordinal) && path.EndsWith("." + name, StringComparison.Ordinal))
                        laid[name] = content;
            }
        }
        if (laid.Count < 4) return;
        foreach (var (name, content) in laid)
        {
            var path = Path.Combine(_folder, name);
            File.WriteAllBytes(path, content);
            if (!OperatingSystem.IsWindows() && name.EndsWith(".key", StringComparison.Ordinal))
                File.SetUnixFileMode(path, UnixFileMode.UserRead);
        }
    }

    private async Task<int> FollowAsync(string container, CancellationToken ct)
    {
        string? told = null;
        while (true)
        {
            string? problem = null;
            try
            {
                var (status, text) =
                    await _network.SendAsync(HttpMethod.Get, $"{_api}/v1/resource/{_resource}", "R=" + _token,
                        null, ct).ConfigureAwait(false);
                var read = status == 200 ? RoleAnswer.Read(text) : "";
                if (read.Length == 0) problem = $"could not get {_resource}: HTTP status {status}";
                else await TakeAsync(container, read, ct).ConfigureAwait(false);
            }
            catch (HttpRequestException e)
            {
                problem = $"could not get {_resource}: {e.Message}";
            }
            if (problem is not null && problem != told) _log.Write(container, "[ERROR] " + problem);
            told = problem;
            await Task.Delay(_state.Options.GuestPollTime, _state.Clock, ct).ConfigureAwait(false);
        }
    }

    private async Task TakeAsync(string container, string resource, CancellationToken ct)
    {
        var own = resource.Replace("%%SELF_CONTAINER_CUK%%", _cuk, StringComparison.Ordinal)
            .Replace("%%FILE_DOWNLOAD_DATE%%", "", StringComparison.Ordinal);
        if (_folder.Length > 0) own = own.Replace(ConfigurationFolder + "/", _folder + "/", StringComparison.Ordinal);
        if (own != _configuration)
        {
            _configuration = own;
            _log.Write(container, string.Create(CultureInfo.InvariantCulture, $"new configuration written at {_state.Now:R}"));
            _configured.TrySetResult();
        }
        if (_runs is { } runs) await ApplyAsync(runs, ct).ConfigureAwait(false);
    }

    private async Task ApplyAsync(string container, CancellationToken ct)
    {
        if (_kubernetes.Nodes is not { } nodes) return;
        await _turn.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            if (_configuration is not { } text || text == _applied || _runs is null) return;
            if (_node is null)
            {
                var claim = _files.ClaimAt(container, DataFile);
                _node = await nodes.StartAsync(new NodeDescription
                {
                    Cluster = $"kubernetes:{_pod.Namespace()}:{_cluster}",
                    Configuration = text,
                    Cuk = _cuk,
                    Address = IPAddress.Parse(_address),
                    InstanceId = _pod.Name(),
                    Role = _mode == "server" ? NodeRole.Server : NodeRole.Slave,
                    // Each tool's script looks now and then whether chmpx is up: every 3 or 10 s, or for 20 s on end.
                    AttachTime = _state.Options.GuestPollTime,
                    Snapshot = claim is not null && _kubernetes.Disks.TryGetValue(claim, out var data) ? data : default,
                }, ct).ConfigureAwait(false);
            }
            else
            {
                await _node.ReconfigureAsync(text, ct).ConfigureAwait(false);
            }
            _applied = text;
            _log.Write(container, "configuration taken over");
        }
        catch (Exception e) when (e is DbaasException or IOException)
        {
            // Tried again at the next look: the own entry may still be missing in the text.
            _log.Write(container, $"chmpx does not take the configuration: {e.Message}");
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task StopNodeAsync(string? container)
    {
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (_node is not { } node) return;
            (_node, _applied) = (null, null);
            await node.StopAsync(CancellationToken.None).ConfigureAwait(false);
            // What is on a volume stays with its claim; what is in memory is gone with the pod.
            if (container is not null && _files.ClaimAt(container, DataFile) is { } claim)
                _kubernetes.Disks[claim] = await node.SnapshotAsync(CancellationToken.None).ConfigureAwait(false);
            await node.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }
}
