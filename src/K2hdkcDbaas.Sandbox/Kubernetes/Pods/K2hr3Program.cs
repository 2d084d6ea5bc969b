using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Pods;

/// <summary>
/// A pod of a K2HR3 system: one that keeps its data, or of its REST API, which answers when the ring with the data is up. What it would
/// answer the sandbox's K2HR3 does: <see cref="PodNetwork"/>.
/// </summary>
internal sealed class K2hr3Program(SandboxState state, ObjectStore store, JsonObject pod, PodLog log) : IPodProgram
{
    private const string Mode = "CHMPX_MODE";

    private readonly PlainProgram _plain = new(pod, log, state.Clock);

    /// <summary>Whether a pod is one of these: an init container is told the mode of its chmpx.</summary>
    public static bool Takes(JsonObject pod) => ModeOf(pod).Length > 0;

    public Task<int> InitAsync(string container, CancellationToken ct) => _plain.InitAsync(container, ct);

    public Task<int> StartedAsync(string container, CancellationToken ct) => Task.FromResult(0);

    public Task<int> RunAsync(string container, CancellationToken ct) => _plain.RunAsync(container, ct);

    public Task StoppingAsync(string container, CancellationToken ct) => Task.CompletedTask;

    public bool IsReady(string container) => ModeOf(pod) != "SLAVE" || store.All(ResourceTypes.Pods).Any(
        p => p.Namespace() == pod.Namespace() && MapOf(p) == MapOf(pod) && ModeOf(p) == "SERVER" && p.IsReady());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string ModeOf(JsonObject pod) => pod.Items("spec", "initContainers").SelectMany(c => c.Items("env"))
        .FirstOrDefault(e => e.Text("name") == Mode).Text("value").ToUpperInvariant();

    // The pods of one system share their scripts.
    private static string MapOf(JsonObject pod) =>
        pod.Items("spec", "volumes").Select(v => v.Text("configMap", "name")).FirstOrDefault(n => n.Length > 0) ?? "";
}
