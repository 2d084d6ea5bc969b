using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Store;

/// <summary>What the API server fills in where a field was left out.</summary>
internal static class Defaults
{
    public static void Set(ResourceType type, JsonObject obj)
    {
        switch (type.Kind)
        {
            case "Pod":
                PodSpec(obj.Ensure("spec"));
                break;
            case "StatefulSet":
                StatefulSet(obj.Ensure("spec"));
                break;
            case "Deployment":
                Deployment(obj.Ensure("spec"));
                break;
            case "ReplicaSet":
                var set = obj.Ensure("spec");
                set.Default("replicas", 1);
                PodSpec(set.Ensure("template", "spec"));
                break;
            case "Job":
                Job(obj);
                break;
            case "Service":
                Service(obj.Ensure("spec"));
                break;
            case "Secret":
                Secret(obj);
                break;
            case "PersistentVolumeClaim":
                obj.Ensure("spec").Default("volumeMode", "Filesystem");
                break;
            case "PersistentVolume":
                obj.Ensure("spec").Default("persistentVolumeReclaimPolicy", "Retain");
                obj.Ensure("spec").Default("volumeMode", "Filesystem");
                break;
            case "StorageClass":
                obj.Default("reclaimPolicy", "Delete");
                obj.Default("volumeBindingMode", "Immediate");
                break;
            case "Namespace":
                obj.Meta().Ensure("labels")["kubernetes.io/metadata.name"] = obj.Name();
                obj.Ensure("spec").Default("finalizers", new JsonArray("kubernetes"));
                break;
            case "Event":
                obj.Default("type", "Normal");
                obj.Default("source", new JsonObject());
                break;
            case "RoleBinding" or "ClusterRoleBinding":
                obj.Ensure("roleRef").Default("apiGroup", ResourceTypes.Roles.Group);
                foreach (var subject in obj.Items("subjects"))
                    if (subject.Text("kind") is "User" or "Group") subject.Default("apiGroup", ResourceTypes.Roles.Group);
                break;
        }
    }

    public static void PodSpec(JsonObject spec)
    {
        spec.Default("restartPolicy", "Always");
        spec.Default("terminationGracePeriodSeconds", 30);
        spec.Default("dnsPolicy", "ClusterFirst");
        spec.Default("securityContext", new JsonObject());
        spec.Default("schedulerName", "default-scheduler");
        if (spec.Text("serviceAccountName") is { Length: > 0 } account) spec["serviceAccount"] = account;
        else if (spec.Text("serviceAccount") is { Length: > 0 } old) spec["serviceAccountName"] = old;
        foreach (var container in spec.Items("initContainers").Concat(spec.Items("containers"))) Container(container);
        foreach (var volume in spec.Items("volumes"))
        {
            foreach (var source in (ReadOnlySpan<string>)["configMap", "secret", "projected", "downwardAPI"])
                if (volume[source] is JsonObject inner) inner.Default("defaultMode", 420);
            if (volume["hostPath"] is JsonObject path) path.Default("type", "");
            if (volume.Count == 1) volume["emptyDir"] = new JsonObject();
        }
    }

    private static void Container(JsonObject container)
    {
        var image = container.Text("image");
        var tag = image[(image.LastIndexOf('/') + 1)..];
        var isLatest = !tag.Contains('@', StringComparison.Ordinal)
            && (!tag.Contains(':', StringComparison.Ordinal) || tag.EndsWith(":latest", StringComparison.Ordinal));
        container.Default("imagePullPolicy", isLatest ? "Always" : "IfNotPresent");
        container.Default("resources", new JsonObject());
        container.Default("terminationMessagePath", "/dev/termination-log");
        container.Default("terminationMessagePolicy", "File");
        // What is limited and not requested is requested as much.
        if (container.At("resources", "limits") is JsonObject limits)
            foreach (var (name, value) in limits) container.Ensure("resources", "requests").Default(name, value?.DeepClone());
        foreach (var port in container.Items("ports")) port.Default("protocol", "TCP");
        foreach (var variable in container.Items("env"))
            if (variable.At("valueFrom", "fieldRef") is JsonObject field) field.Default("apiVersion", "v1");
        foreach (var name in (ReadOnlySpan<string>)["livenessProbe", "readinessProbe", "startupProbe"])
        {
            if (container[name] is not JsonObject probe) continue;
            probe.Default("timeoutSeconds", 1);
            probe.Default("periodSeconds", 10);
            probe.Default("successThreshold", 1);
            probe.Default("failureThreshold", 3);
            if (probe["httpGet"] is JsonObject get)
            {
                get.Default("path", "/");
                get.Default("scheme", "HTTP");
            }
        }
    }

    private static void StatefulSet(JsonObject spec)
    {
        spec.Default("replicas", 1);
        spec.Default("podManagementPolicy", "OrderedReady");
        spec.Default("revisionHistoryLimit", 10);
        var strategy = spec.Ensure("updateStrategy");
        strategy.Default("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate") strategy.Ensure("rollingUpdate").Default("partition", 0);
        var retention = spec.Ensure("persistentVolumeClaimRetentionPolicy");
        retention.Default("whenDeleted", "Retain");
        retention.Default("whenScaled", "Retain");
        PodSpec(spec.Ensure("template", "spec"));
        foreach (var claim in spec.Items("volumeClaimTemplates"))
        {
            claim.Default("apiVersion", "v1");
            claim.Default("kind", "PersistentVolumeClaim");
            claim.Ensure("spec").Default("volumeMode", "Filesystem");
            claim.Ensure("status").Default("phase", "Pending");
        }
    }

    private static void Deployment(JsonObject spec)
    {
        spec.Default("replicas", 1);
        spec.Default("revisionHistoryLimit", 10);
        spec.Default("progressDeadlineSeconds", 600);
        var strategy = spec.Ensure("strategy");
        strategy.Default("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            strategy.Ensure("rollingUpdate").Default("maxUnavailable", "25%");
            strategy.Ensure("rollingUpdate").Default("maxSurge", "25%");
        }
        PodSpec(spec.Ensure("template", "spec"));
    }

    private static void Job(JsonObject obj)
    {
        var spec = obj.Ensure("spec");
        if (spec["completions"] is null && spec["parallelism"] is null) spec["completions"] = 1;
        spec.Default("parallelism", 1);
        spec.Default("backoffLimit", 6);
        spec.Default("completionMode", "NonIndexed");
        spec.Default("suspend", false);
        spec.Default("podReplacementPolicy", "TerminatingOrFailed");
        if (spec["selector"] is null && !spec.Flag("manualSelector") && obj.Uid() is { Length: > 0 } uid)
        {
            spec["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["batch.kubernetes.io/controller-uid"] = uid } };
            var labels = spec.Ensure("template", "metadata", "labels");
            (labels["controller-uid"], labels["batch.kubernetes.io/controller-uid"]) = (uid, uid);
            (labels["job-name"], labels["batch.kubernetes.io/job-name"]) = (obj.Name(), obj.Name());
        }
        var pod = spec.Ensure("template", "spec");
        var policy = pod["restartPolicy"]?.DeepClone();
        PodSpec(pod);
        // Always is the default here too, and then refused.
        if (policy is null) pod["restartPolicy"] = "Always";
    }

    private static void Service(JsonObject spec)
    {
        spec.Default("type", "ClusterIP");
        spec.Default("sessionAffinity", "None");
        if (spec.Text("type") == "ExternalName") return;
        spec.Default("internalTrafficPolicy", "Cluster");
        spec.Default("ipFamilies", new JsonArray("IPv4"));
        spec.Default("ipFamilyPolicy", "SingleStack");
        if (spec.Text("type") is "NodePort" or "LoadBalancer") spec.Default("externalTrafficPolicy", "Cluster");
        if (spec.Text("type") == "LoadBalancer") spec.Default("allocateLoadBalancerNodePorts", true);
        foreach (var port in spec.Items("ports"))
        {
            port.Default("protocol", "TCP");
            port.Default("targetPort", port["port"]?.DeepClone());
        }
    }

    private static void Secret(JsonObject obj)
    {
        obj.Default("type", "Opaque");
        if (obj["stringData"] is not JsonObject texts) return;
        foreach (var (name, value) in texts) obj.Ensure("data")[name] =
            Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(value.AsText() ?? ""));
        obj.Remove("stringData");
    }
}
