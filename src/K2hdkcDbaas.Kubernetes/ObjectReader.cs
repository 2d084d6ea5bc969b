using k8s.Models;

namespace K2hdkcDbaas.Kubernetes;

/// <summary>Reads what the API shows of a cluster.</summary>
internal static class ObjectReader
{
    /// <summary>
    /// The StatefulSet of a cluster's nodes; null when it is something else. No tool marks them, so each name has to fit.
    /// </summary>
    public static NodeSet? Set(V1StatefulSet set)
    {
        var name = set.Metadata.Name;
        var isServer = name.StartsWith("svrpod-", StringComparison.Ordinal);
        if (!isServer && !name.StartsWith("slvpod-", StringComparison.Ordinal)) return null;
        var cluster = name[7..];
        var init = set.Spec.Template.Spec.InitContainers?.FirstOrDefault(c => c.Name == $"{name[..3]}init-{cluster}");
        var selector = set.Spec.Selector.MatchLabels;
        if (init is null || selector is null || selector.Count != 1 || !selector.TryGetValue("app", out var app) || app != cluster)
            return null;
        if (set.Spec.ServiceName != KubernetesNames.Service(cluster, isServer)) return null;
        var isHelm = set.Metadata.Labels?.TryGetValue("app.kubernetes.io/managed-by", out var manager) == true && manager == "Helm";
        return new NodeSet(cluster, isServer)
        {
            Replicas = set.Spec.Replicas ?? 1,
            IsHelm = isHelm,
            Release = set.Metadata.Annotations?.TryGetValue("meta.helm.sh/release-name", out var release) == true ? release : null,
            HasVolumes = set.Spec.VolumeClaimTemplates?.Count > 0,
            K2hr3Uri = init.Env?.FirstOrDefault(e => e.Name == "K2HR3_API_URL")?.Value,
            Tenant = init.Env?.FirstOrDefault(e => e.Name == "K2HR3_TENANT")?.Value,
            Images = set.Spec.Template.Spec.Containers.Append(init)
                .Select(c => (Word: ((string[])["init", "chmpx", "k2hdkc"]).FirstOrDefault(w => c.Name == $"{name[..3]}{w}-{cluster}"),
                    c.Image))
                .Where(c => c.Word is not null && c.Image is not null).DistinctBy(c => c.Word).ToDictionary(c => c.Word!, c => c.Image),
            AuthoritySecret = set.Spec.Template.Spec.Volumes?.Select(v => v.Secret?.SecretName)
                .FirstOrDefault(n => n?.StartsWith("secret-k2hr3-ca-", StringComparison.Ordinal) == true),
            Created = Time(set.Metadata.CreationTimestamp),
        };
    }

    /// <summary>A pod.</summary>
    public static NodePod Pod(V1Pod pod)
    {
        var status = pod.Status;
        var containers = status?.ContainerStatuses ?? [];
        var wanted = pod.Spec.Containers.Count;
        var isUp = status?.Phase == "Running" && containers.Count == wanted && containers.All(c => c.State?.Running is not null);
        var (word, detail) = Word(pod);
        return new NodePod(pod.Metadata.Name, pod.Metadata.Uid)
        {
            Address = status?.PodIP,
            Host = pod.Spec.NodeName,
            Status = word,
            Detail = detail,
            IsUp = isUp && pod.Metadata.DeletionTimestamp is null,
            IsReady = status?.Conditions?.Any(c => c is { Type: "Ready", Status: "True" }) == true
                && pod.Metadata.DeletionTimestamp is null,
            IsLeaving = pod.Metadata.DeletionTimestamp is not null,
            Image = pod.Spec.Containers.LastOrDefault()?.Image,
            Created = Time(pod.Metadata.CreationTimestamp),
        };
    }

    // As kubectl shows it: what holds a container up comes before the phase.
    private static (string Word, string? Detail) Word(V1Pod pod)
    {
        var status = pod.Status;
        if (pod.Metadata.DeletionTimestamp is not null) return ("Terminating", null);
        foreach (var container in (status?.InitContainerStatuses ?? []).Concat(status?.ContainerStatuses ?? []))
        {
            if (container.State?.Waiting is { } waiting
                && waiting.Reason is { Length: > 0 } and not ("PodInitializing" or "ContainerCreating"))
                return (waiting.Reason, $"container {container.Name}: {waiting.Message ?? waiting.Reason}");
        }

        var unscheduled = status?.Conditions?.FirstOrDefault(c => c is { Type: "PodScheduled", Status: "False" });
        return unscheduled is { } no ? (status!.Phase ?? "Pending", no.Message) : (status?.Phase ?? "Unknown", status?.Message);
    }

    /// <summary>A time that the API shows.</summary>
    public static DateTimeOffset? Time(DateTime? time) =>
        time is { } t ? new DateTimeOffset(DateTime.SpecifyKind(t, DateTimeKind.Utc)) : null;
}
