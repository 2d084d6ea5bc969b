using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using K2hdkcDbaas.Sandbox.Tests.Hosting;

namespace K2hdkcDbaas.Sandbox.Tests.Kubernetes;

/// <summary>A sandbox whose Kubernetes API is spoken to with a plain HTTP client; its time runs fast.</summary>
public sealed class Kube : IAsyncDisposable
{
    public const string Merge = "application/merge-patch+json";
    public const string Strategic = "application/strategic-merge-patch+json";
    public const string JsonPatch = "application/json-patch+json";
    public const string Apply = "application/apply-patch+yaml";

    private Kube(SandboxHost host)
    {
        Host = host;
        Text = File.ReadAllText(host.KubeconfigFile);
        Server = new Uri(Regex.Match(Text, @"server: (\S+)").Groups[1].Value);
        Http = Client("demo");
    }

    public SandboxHost Host { get; }

    public HttpClient Http { get; }

    public Uri Server { get; }

    /// <summary>The kubeconfig.</summary>
    public string Text { get; }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<Kube> StartAsync(double speed = 20, bool guests = false) =>
        new(await SandboxHost.StartAsync(new SandboxOptions { Speed = speed, Guests = guests }, Ct));

    /// <summary>A client with a user's certificate or token; null for no one.</summary>
    public HttpClient Client(string? user)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = Tls(user) }) { BaseAddress = Server };
        if (user is not null && Token(user) is { } token)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    public string? Token(string user) =>
        Regex.Match(Text, $@"name: {user}\n  user:\n    token: (\S+)") is { Success: true } found ? found.Groups[1].Value : null;

    public SslClientAuthenticationOptions Tls(string? user)
    {
        var options = new SslClientAuthenticationOptions
        {
            // Only the CA in the kubeconfig is trusted.
            CertificateChainPolicy =
                new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck },
        };
        options.CertificateChainPolicy.CustomTrustStore.ImportFromPem(Decode("certificate-authority-data: "));
        if (user is not null && Text.Contains($"- name: {user}\n  user:\n    client-certificate-data", StringComparison.Ordinal))
        {
            var part = Text[Text.IndexOf($"- name: {user}\n  user:", StringComparison.Ordinal)..];
            using var pem = X509Certificate2.CreateFromPem(Decode("client-certificate-data: ", part), Decode("client-key-data: ", part));
            options.ClientCertificates = [X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null)];
        }
        return options;
    }

    public async Task<Answer> SendAsync(string method, string path, string? body = null, string type = "application/json",
        string? accept = null, HttpClient? by = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.TryAddWithoutValidation("Accept", accept ?? "application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "tester/1.0");
        if (body is not null)
            request.Content =
                new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
        var message = await (by ?? Http).SendAsync(request, Ct);
        var text = await message.Content.ReadAsStringAsync(Ct);
        var json = message.Content.Headers.ContentType?.MediaType == "application/json" && text.Length > 0 ? JsonNode.Parse(text) : null;
        return new Answer((int)message.StatusCode, json, text, message);
    }

    public Task<Answer> GetAsync(string path, HttpClient? by = null) => SendAsync("GET", path, by: by);

    /// <summary>Sends, and expects success.</summary>
    public async Task<JsonNode> MustAsync(string method, string path, string? body = null, string type = "application/json")
    {
        var answer = await SendAsync(method, path, body, type);
        Assert.True(answer.Status is 200 or 201, $"{method} {path}: {answer.Status} {answer.Text}");
        return answer.Body!;
    }

    /// <summary>Looks until something holds; the run's time limit ends it.</summary>
    public async Task<JsonNode> UntilAsync(string path, Func<JsonNode, bool> holds, int status = 200)
    {
        while (true)
        {
            var answer = await GetAsync(path);
            if (answer.Status == status && answer.Body is { } body && holds(body)) return body;
            await Task.Delay(20, Ct);
        }
    }

    public Task GoneAsync(string path) => UntilAsync(path, _ => true, 404);

    public Task<JsonNode> ReadyAsync(string set, int count, string ns = "demo") =>
        UntilAsync($"/apis/apps/v1/namespaces/{ns}/statefulsets/{set}",
            s => Number(s, "status", "readyReplicas") == count && Number(s, "status", "replicas") == count
                && Number(s, "status", "observedGeneration") == Number(s, "metadata", "generation"));

    public static int Number(JsonNode? node, params string[] path) => At(node, path)?.GetValue<int>() ?? 0;

    public static string Word(JsonNode? node, params string[] path) => At(node, path)?.GetValue<string>() ?? "";

    public static IEnumerable<string> Names(JsonNode list) => list["items"]!.AsArray().Select(i => Word(i, "metadata", "name"));

    public static string StatefulSet(string name, int replicas, string more = "", string pod = "", string image = "busybox:1") => """
        {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "@NAME@"}, "spec": {"serviceName": "@NAME@", "replicas": @REPLICAS@,
         "selector": {"matchLabels": {"app": "@NAME@"}}@MORE@,
         "template": {"metadata": {"labels": {"app": "@NAME@"}}, "spec": {"containers": [{"name": "c", "image": "@IMAGE@"}]@POD@}}}}
        """.Replace("@NAME@", name, StringComparison.Ordinal)
        .Replace("@REPLICAS@", replicas.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("@MORE@", more, StringComparison.Ordinal).Replace("@POD@", pod, StringComparison.Ordinal)
        .Replace("@IMAGE@", image, StringComparison.Ordinal);

    public static string Pod(string name, string spec = "") => """
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "@NAME@", "labels": {"app": "@NAME@"}}, "spec": {"containers": [{"name": "c", "image": "busybox:1"}]@SPEC@}}
        """.Replace("@NAME@", name, StringComparison.Ordinal).Replace("@SPEC@", spec, StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        var problems = Host.Problems;
        await Host.DisposeAsync();
        Assert.Empty(problems);
    }

    private static JsonNode? At(JsonNode? node, string[] path)
    {
        foreach (var name in path) node = node?[name];
        return node;
    }

    private string Decode(string key, string? part = null) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(Regex.Match(part ?? Text, key + @"(\S+)").Groups[1].Value));
}
