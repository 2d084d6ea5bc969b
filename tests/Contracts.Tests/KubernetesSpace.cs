using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using k8s;

namespace K2hdkcDbaas.Contracts.Tests;

/// <summary>One namespace of a Kubernetes, spoken to with a plain HTTP client.</summary>
public sealed class KubernetesSpace : IAsyncDisposable
{
    public const string Json = "application/json";
    public const string Merge = "application/merge-patch+json";
    public const string Strategic = "application/strategic-merge-patch+json";
    public const string Apply = "application/apply-patch+yaml";

    private readonly HttpClient _http;
    private readonly TimeSpan _patience;
    private readonly bool _isOwn;

    /// <param name="kubeconfig">The kubeconfig.</param>
    /// <param name="context">The context; null for the current one.</param>
    /// <param name="name">The namespace.</param>
    /// <param name="patience">How long a wait may take.</param>
    public KubernetesSpace(string kubeconfig, string? context, string name, TimeSpan patience)
        : this(kubeconfig, context, name, patience, false)
    {
    }

    private KubernetesSpace(string kubeconfig, string? context, string name, TimeSpan patience, bool isOwn)
    {
        (Name, _patience, _isOwn) = (name, patience, isOwn);
        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig, context);
        var tls = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy =
                new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck },
        };
        tls.CertificateChainPolicy.CustomTrustStore.AddRange(configuration.SslCaCerts);
        var certificate = configuration.ClientCertificateFilePath is { } file
            ? X509Certificate2.CreateFromPemFile(file, configuration.ClientKeyFilePath)
            : configuration.ClientCertificateData is { } data
                ? X509Certificate2.CreateFromPem(Decode(data), Decode(configuration.ClientCertificateKeyData)) : null;
        if (certificate is not null)
            tls.ClientCertificates = [X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null)];
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = tls }) { BaseAddress = new Uri(configuration.Host) };
        if (configuration.AccessToken is { } token) _http.DefaultRequestHeaders.Authorization = new("Bearer", token);
    }

    public string Name { get; }

    public string Maps => $"/api/v1/namespaces/{Name}/configmaps";

    public string Secrets => $"/api/v1/namespaces/{Name}/secrets";

    public string Pods => $"/api/v1/namespaces/{Name}/pods";

    public string Claims => $"/api/v1/namespaces/{Name}/persistentvolumeclaims";

    public string Sets => $"/apis/apps/v1/namespaces/{Name}/statefulsets";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A namespace of its own, which goes with the object.</summary>
    public static async Task<KubernetesSpace> MakeAsync(string kubeconfig, string? context, TimeSpan patience)
    {
        var made = new KubernetesSpace(kubeconfig, context, "ct-" + Guid.NewGuid().ToString("N")[..8], patience, true);
        await made.MustAsync("POST", "/api/v1/namespaces", $"{{\"metadata\": {{\"name\": \"{made.Name}\"}}}}");
        // The controllers have seen it.
        await made.UntilAsync($"/api/v1/namespaces/{made.Name}/serviceaccounts/default", _ => true);
        return made;
    }

    public async Task<KubernetesAnswer> SendAsync(string method, string path, string? body = null, string type = Json)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Accept.ParseAdd(Json);
        if (body is not null)
            request.Content =
                new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
        using var message = await _http.SendAsync(request, Ct);
        var text = await message.Content.ReadAsStringAsync(Ct);
        return new KubernetesAnswer((int)message.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text)! : new JsonObject());
    }

    public Task<KubernetesAnswer> GetAsync(string path) => SendAsync("GET", path);

    /// <summary>Sends, and expects success.</summary>
    public async Task<JsonNode> MustAsync(string method, string path, string? body = null, string type = Json)
    {
        var answer = await SendAsync(method, path, body, type);
        Assert.True(answer.Status is 200 or 201 or 202, $"{method} {path}: {answer.Status} {answer.Body.ToJsonString()}");
        return answer.Body;
    }

    /// <summary>Looks until something holds.</summary>
    public async Task<JsonNode> UntilAsync(string path, Func<JsonNode, bool> holds, int status = 200)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await GetAsync(path);
            if (answer.Status == status && holds(answer.Body)) return answer.Body;
            Assert.True(TimeProvider.System.GetElapsedTime(start) < _patience,
                $"Waited {_patience.TotalSeconds} s in vain; {path} is {answer.Status} {answer.Body.ToJsonString()}");
            await Task.Delay(50, Ct);
        }
    }

    public Task GoneAsync(string path) => UntilAsync(path, _ => true, 404);

    /// <summary>Waits until a StatefulSet has its pods, all ready.</summary>
    public Task<JsonNode> ReadyAsync(string set, int count) => UntilAsync($"{Sets}/{set}",
        s => s.Number("status", "replicas") == count && s.Number("status", "readyReplicas") == count
            && s.Number("status", "observedGeneration") == s.Number("metadata", "generation"));

    /// <summary>Opens a watch.</summary>
    public async Task<StreamReader> WatchAsync(string path, string query)
    {
        var from = new Uri($"{path}?watch=1{query}", UriKind.Relative);
        var answer = await _http.GetAsync(from, HttpCompletionOption.ResponseHeadersRead, Ct);
        Assert.Equal(200, (int)answer.StatusCode);
        return new StreamReader(await answer.Content.ReadAsStreamAsync(Ct));
    }

    public async ValueTask DisposeAsync()
    {
        if (_isOwn) await SendAsync("DELETE", "/api/v1/namespaces/" + Name);
        _http.Dispose();
    }

    /// <summary>A StatefulSet whose pods merely run.</summary>
    /// <summary>A pod that really runs where only some do: tests/Kubernetes/lab/kubelet.py goes by the annotation.</summary>
    public static string RunningSet(string name) => StatefulSet(name, 1)
        .Replace("\"template\": {\"metadata\": {", "\"template\": {\"metadata\": {\"annotations\": {\"lab/runs\": \"true\"}, ",
            StringComparison.Ordinal)
        .Replace("\"image\":", "\"command\": [\"sleep\", \"600\"], \"image\":", StringComparison.Ordinal);

    public static string StatefulSet(string name, int replicas, string more = "", string image = "busybox:1") => """
        {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "@NAME@"}, "spec": {"serviceName": "@NAME@",
         "replicas": @REPLICAS@, "selector": {"matchLabels": {"app": "@NAME@"}}@MORE@, "template": {"metadata": {"labels":
         {"app": "@NAME@"}}, "spec": {"terminationGracePeriodSeconds": 1, "containers": [{"name": "c", "image": "@IMAGE@"}]}}}}
        """.Replace("@NAME@", name, StringComparison.Ordinal).Replace("@REPLICAS@", $"{replicas}", StringComparison.Ordinal)
        .Replace("@MORE@", more, StringComparison.Ordinal).Replace("@IMAGE@", image, StringComparison.Ordinal);

    private static string Decode(string text) => Encoding.UTF8.GetString(Convert.FromBase64String(text));
}

internal static class Nodes
{
    public static int Number(this JsonNode? node, params string[] path) => At(node, path)?.GetValue<int>() ?? 0;

    public static string Word(this JsonNode? node, params string[] path) => At(node, path)?.GetValue<string>() ?? "";

    public static IEnumerable<JsonNode> Items(this JsonNode node) => node["items"]!.AsArray().Select(i => i!);

    public static IEnumerable<string> Names(this JsonNode node) => node.Items().Select(i => i.Word("metadata", "name"));

    private static JsonNode? At(JsonNode? node, string[] path)
    {
        foreach (var name in path) node = node?[name];
        return node;
    }
}
