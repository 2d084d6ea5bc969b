using System.Text;
using K2hdkcDbaas.Sandbox.Kubernetes.Forwarding;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Api;

/// <summary>
/// What goes through the API server to a pod's kubelet: logs, port forwarding. Programs in containers cannot be run (501).
/// </summary>
internal sealed class PodRoutes(KubernetesCluster cluster)
{
    /// <summary>Answers such a request; false when it is none.</summary>
    public async Task<bool> AnswerAsync(ApiRequest request)
    {
        if (request is not { Group: "", Plural: "pods", Name.Length: > 0, Subresource: "log" or "portforward" or "exec" or "attach" })
            return false;
        var pod = cluster.Store.Find(ResourceTypes.Pods, request.Namespace, request.Name)
            ?? throw KubeFault.NotFound(ResourceTypes.Pods, request.Name);
        switch (request.Subresource)
        {
            case "log" when request.Method == "GET":
                await LogAsync(request, pod).ConfigureAwait(false);
                return true;
            case "portforward" when request.Method is "GET" or "POST":
                if (cluster.Kubelets.Find(pod.Uid()) is not { } life || pod.Text("status", "phase") != "Running")
                    throw KubeFault.BadRequest(
                        $"unable to forward port because pod is not running. Current status={pod.Text("status", "phase")}");
                await PortForward.ServeAsync(request, life.Address, life.Gone).ConfigureAwait(false);
                return true;
            case "exec" or "attach":
                throw new KubeFault(501, "NotImplemented", "the sandbox runs no programs in containers");
            default:
                return false;
        }
    }

    private async Task LogAsync(ApiRequest request, System.Text.Json.Nodes.JsonObject pod)
    {
        var names = pod.Items("spec", "containers").Select(c => c.Text("name")).ToList();
        var all = names.Concat(pod.Items("spec", "initContainers").Select(c => c.Text("name"))).ToList();
        var container = request.Query("container") is { Length: > 0 } given ? given : names.Count == 1 ? names[0]
            : throw KubeFault.BadRequest($"a container name must be specified for pod {pod.Name()}, choose one of: "
                + $"[{string.Join(' ', names)}]"
                + (all.Count > names.Count ? $" or one of the init containers: [{string.Join(' ', all.Skip(names.Count))}]" : ""));
        if (!all.Contains(container)) throw KubeFault.BadRequest($"container {container} is not valid for pod {pod.Name()}");
        var status = pod.Items("status", "containerStatuses").Concat(pod.Items("status", "initContainerStatuses"))
            .FirstOrDefault(s => s.Text("name") == container);
        if (cluster.Kubelets.Find(pod.Uid()) is not { } life || status is null
            || (status.At("state", "waiting") is not null && status.At("lastState", "terminated") is null))
            throw KubeFault.BadRequest(
                $"container \"{container}\" in pod \"{pod.Name()}\" is waiting to start: "
                    + $"{(status.Text("state", "waiting", "reason") is { Length: > 0 } why ? why : "ContainerCreating")}");
        var previous = request.Flag("previous");
        if (previous && status.At("lastState", "terminated") is null)
            throw KubeFault.BadRequest($"previous terminated container \"{container}\" in pod \"{pod.Name()}\" not found");
        var since = request.Number("sinceSeconds") is { } seconds ? cluster.Registry.Time.AddSeconds(-seconds) : (DateTimeOffset?)null;
        var context = request.Context;
        context.Response.ContentType = "text/plain";
        var next = life.Log.Next;
        var (lines, position) = life.Log.Read(container, previous, request.Flag("timestamps"), since, 0);
        if (request.Number("tailLines") is { } tail) lines = [.. lines.TakeLast(tail)];
        while (true)
        {
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n"))),
                context.RequestAborted).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            if (!request.Flag("follow") || previous || life.Ended.IsCompleted) return;
            await Task.WhenAny(next, life.Ended).WaitAsync(context.RequestAborted).ConfigureAwait(false);
            next = life.Log.Next;
            (lines, position) = life.Log.Read(container, previous, request.Flag("timestamps"), since, position);
        }
    }
}
