using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Guests;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Pods;

/// <summary>A pod's way to K2HR3: by the name of a service in the cluster, or by an address of this machine.</summary>
internal sealed class PodNetwork(SandboxState state, ObjectStore store, string address) : IDisposable
{
    private readonly GuestHttp _http = new(address, "curl/8.14.1");

    /// <summary>Sends a request to K2HR3.</summary>
    /// <param name="method">Method.</param>
    /// <param name="url">URL as the pod has it.</param>
    /// <param name="token">x-auth-token; null sends none.</param>
    /// <param name="json">Body; null sends none.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="HttpRequestException">The name is not known, nothing answers there, or the answer is too long.</exception>
    public Task<(int Status, string Text)> SendAsync(HttpMethod method, string url, string? token, JsonNode? json, CancellationToken ct) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
            ? _http.SendAsync(method, Resolve(uri), token, json?.ToJsonString(), ct)
            : throw new HttpRequestException($"{url} is no URL");

    public void Dispose() => _http.Dispose();

    // <service>.<namespace>.svc.<domain>; a service's ports count only where it has an address of its own, so a headless one leads to any
    // port of its pods.
    private Uri Resolve(Uri url)
    {
        var parts = url.Host.Split('.');
        if (parts.Length < 3 || parts[2] != "svc") return url;
        var service = store.Find(ResourceTypes.Services, parts[1], parts[0])
            ?? throw new HttpRequestException($"Could not resolve host: {url.Host}");
        if (service.Text("spec", "externalName") is { Length: > 0 } other) return new UriBuilder(url) { Host = other }.Uri;
        var ready = store.Find(ResourceTypes.Endpoints, parts[1], parts[0]).Items("subsets").SelectMany(s => s.Items("addresses")).ToList();
        if (ready.Count == 0)
            throw new HttpRequestException(service.Text("spec", "clusterIP") == "None"
                ? $"Could not resolve host: {url.Host}"
                : $"Failed to connect to {url.Host} port {url.Port}");
        // All K2HR3 of the sandbox is one; a pod is it when it has K2HR3's image, and answers.
        var isK2hr3 = ready.Exists(
            a => store.Find(ResourceTypes.Pods, parts[1], a.Text("targetRef", "name")) is { } pod && pod.IsReady()
                && pod.Items("spec", "containers").Any(c => c.Text("image").Contains("k2hr3-api", StringComparison.Ordinal)));
        return isK2hr3
            ? new Uri(state.Endpoints["k2hr3"], url.PathAndQuery)
            : throw new HttpRequestException($"Failed to connect to {url.Host} port {url.Port}");
    }
}
