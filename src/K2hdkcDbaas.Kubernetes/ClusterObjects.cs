using System.Text.Json.Nodes;
using K2hdkcDbaas.Errors;
using k8s;
using k8s.Models;
using static K2hdkcDbaas.Kubernetes.PodParts;

namespace K2hdkcDbaas.Kubernetes;

/// <summary>
/// The objects of a cluster, with the names, labels, ports, containers and mounts of <c>k2hr3 database-k8s</c>, so that either tool shows,
/// scales and removes what the other has made. Beside them stand what that tool lacks: labels to find them by, a readiness probe,
/// spreading, volumes.
/// </summary>
/// <param name="design">The cluster.</param>
public sealed class ClusterObjects(ClusterDesign design)
{
    /// <summary>The name of K2HR3's authority in the Secret of certificates, where it is not the cluster's own.</summary>
    public const string K2hr3Authority = "k2hr3-ca.crt";

    private string Cluster => design.Cluster;

    /// <summary>The label selector of all objects of a cluster that were made here.</summary>
    /// <param name="cluster">The cluster's name.</param>
    public static string Selector(string cluster) => $"app.kubernetes.io/name=k2hdkc,app.kubernetes.io/instance={cluster}";

    /// <summary>The scripts.</summary>
    public KubernetesObject ConfigMap() => new(ObjectKind.ConfigMap, KubernetesNames.ConfigMap(Cluster), new V1ConfigMap
    {
        ApiVersion = "v1",
        Kind = "ConfigMap",
        Metadata = Meta(KubernetesNames.ConfigMap(Cluster)),
        Data = PodScripts.All.ToDictionary(s => s.Key, s => s.Value),
    });

    /// <summary>A Secret.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="data">What it holds.</param>
    public KubernetesObject Secret(string name, IReadOnlyDictionary<string, byte[]> data) => new(ObjectKind.Secret, name, new V1Secret
    {
        ApiVersion = "v1",
        Kind = "Secret",
        Type = "Opaque",
        Metadata = Meta(name),
        Data = data.ToDictionary(d => d.Key, d => d.Value),
    });

    /// <summary>The headless Service of nodes of a kind.</summary>
    /// <param name="isServer">Whether they are servers.</param>
    public KubernetesObject Service(bool isServer)
    {
        var name = KubernetesNames.Service(Cluster, isServer);
        (string Name, int Port)[] ports = isServer
            ? [("k2hdkc-server-port", design.ServerPort), ("k2hdkc-server-ctlport", design.ServerControlPort)]
            : [("k2hdkc-slave-ctlport", design.SlaveControlPort)];
        return new KubernetesObject(ObjectKind.Service, name, new V1Service
        {
            ApiVersion = "v1",
            Kind = "Service",
            Metadata = Meta(name, isServer),
            Spec = new V1ServiceSpec
            {
                Type = "ClusterIP",
                ClusterIP = "None",
                // Nodes must resolve each other before they are in service.
                PublishNotReadyAddresses = true,
                Ports = [.. ports.Select(p => new V1ServicePort { Name = p.Name, Port = p.Port, Protocol = "TCP", TargetPort = p.Port })],
                Selector = App(),
            },
        });
    }

    /// <summary>How many servers may be taken away at a time.</summary>
    public KubernetesObject Budget()
    {
        var name = KubernetesNames.Set(Cluster, true);
        return new KubernetesObject(ObjectKind.PodDisruptionBudget, name, new V1PodDisruptionBudget
        {
            ApiVersion = "policy/v1",
            Kind = "PodDisruptionBudget",
            Metadata = Meta(name, true),
            Spec = new V1PodDisruptionBudgetSpec { MaxUnavailable = 1, Selector = new V1LabelSelector { MatchLabels = Labels(true) } },
        });
    }

    /// <summary>The nodes of a kind.</summary>
    /// <param name="isServer">Whether they are servers.</param>
    public KubernetesObject StatefulSet(bool isServer)
    {
        var name = KubernetesNames.Set(Cluster, isServer);
        var labels = Labels(isServer);
        labels["app"] = Cluster;
        var isOnDisk = isServer && design.VolumeSize is not null;
        return new KubernetesObject(ObjectKind.StatefulSet, name, new V1StatefulSet
        {
            ApiVersion = "apps/v1",
            Kind = "StatefulSet",
            Metadata = Meta(name, isServer),
            Spec = new V1StatefulSetSpec
            {
                ServiceName = KubernetesNames.Service(Cluster, isServer),
                Replicas = isServer ? design.Servers : design.Slaves,
                Selector = new V1LabelSelector { MatchLabels = App() },
                Template = new V1PodTemplateSpec
                {
                    Metadata = new V1ObjectMeta
                    {
                        Labels = labels,
                        Annotations = design.Annotations.Count > 0 ? design.Annotations.ToDictionary(a => a.Key, a => a.Value) : null
                    },
                    Spec = PodSpec(isServer, isOnDisk),
                },
                VolumeClaimTemplates = isOnDisk ? [Claim(design.VolumeSize!.Value, design.StorageClass, Labels(true))] : null,
            },
        });
    }

    private static T Read<T>(JsonNode json, string parameter)
    {
        try
        {
            return KubernetesJson.Deserialize<T>(json.ToJsonString());
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or FormatException or InvalidOperationException)
        {
            throw new DbaasException(ErrorKind.InvalidInput, KubernetesErrorIds.KubernetesRefused,
                $"-{parameter} is not what Kubernetes takes: {e.Message}", "Write it as in a pod's manifest.", e)
            { Target = parameter };
        }
    }

    private Dictionary<string, string> App() => new() { ["app"] = Cluster };

    private Dictionary<string, string> Labels(bool? isServer)
    {
        var labels = new Dictionary<string, string>
        {
            ["app.kubernetes.io/name"] = "k2hdkc",
            ["app.kubernetes.io/instance"] = Cluster,
        };
        if (isServer is { } server) labels["app.kubernetes.io/component"] = server ? "server" : "slave";
        return labels;
    }

    private V1ObjectMeta Meta(string name, bool? isServer = null)
    {
        var labels = Labels(isServer);
        labels["app.kubernetes.io/managed-by"] = KubernetesNames.Manager;
        return new V1ObjectMeta { Name = name, NamespaceProperty = design.Namespace, Labels = labels };
    }

    private V1PodSpec PodSpec(bool isServer, bool isOnDisk)
    {
        var stem = isServer ? "svr" : "slv";
        var configMap = KubernetesNames.ConfigMap(Cluster);
        var certificates = KubernetesNames.Certificates(Cluster);
        var tokens = KubernetesNames.Tokens(Cluster);
        List<V1Volume> volumes = [Memory(EtcVolume), Memory(RunVolume)];
        // The claim's volume comes from the StatefulSet.
        if (!isOnDisk) volumes.Insert(1, Memory(LibVolume));
        volumes.AddRange([PodParts.ConfigMap(configMap), PodParts.Secret(certificates), PodParts.Secret(tokens)]);

        var etc = Mount(EtcVolume, EtcFolder);
        var scripts = Mount(configMap, ScriptFolder, true);
        List<V1VolumeMount> all = [etc, Mount(LibVolume, LibFolder), Mount(RunVolume, RunFolder), scripts];
        V1LifecycleHandler Hook(string word) => new() { Exec = new V1ExecAction { Command = Script(PodScripts.Registration, word) } };

        List<V1Container> containers =
        [
            new()
            {
                Name = $"{stem}update-{Cluster}",
                Image = design.InitImage,
                Command = Script(PodScripts.Update),
                VolumeMounts = [etc, scripts],
                Lifecycle = new V1Lifecycle { PostStart = Hook("-reg"), PreStop = Hook("-del") },
            },
            new()
            {
                Name = $"{stem}chmpx-{Cluster}",
                Image = design.ChmpxImage,
                Command = Script(PodScripts.Chmpx),
                VolumeMounts = all,
            },
        ];
        if (isServer)
        {
            containers.Add(new V1Container
            {
                Name = $"svrk2hdkc-{Cluster}",
                Image = design.K2hdkcImage,
                Command = Script(PodScripts.Server),
                VolumeMounts = all,
                Resources = design.Resources is { } resources ? Read<V1ResourceRequirements>(resources, "PodResource") : null,
                // Pods are made, and replaced, one after the other: the next only when this one is in service and moves no data.
                ReadinessProbe = InService(),
            });
        }

        return new V1PodSpec
        {
            ShareProcessNamespace = true,
            Volumes = volumes,
            InitContainers =
            [
                new V1Container
                {
                    Name = $"{stem}init-{Cluster}",
                    Image = design.InitImage,
                    Command = Script(PodScripts.Init),
                    Env = Environment(isServer),
                    VolumeMounts = [etc, scripts, Mount(certificates, "/secret-certs", true), Mount(tokens, "/secret-k2hr3-token", true)],
                },
            ],
            Containers = containers,
            NodeSelector = design.NodeSelector.Count > 0 ? design.NodeSelector.ToDictionary(s => s.Key, s => s.Value) : null,
            Tolerations = design.Tolerations is { } taints ? Read<List<V1Toleration>>(taints, "Toleration") : null,
            Affinity = design.Affinity is { } own ? Read<V1Affinity>(own, "Affinity") : isServer ? Spread(Labels(true)) : null,
            ImagePullSecrets = design.PullSecrets.Count > 0
                ? [.. design.PullSecrets.Select(s => new V1LocalObjectReference { Name = s })]
                : null,
        };
    }

    private List<V1EnvVar> Environment(bool isServer)
    {
        List<V1EnvVar> environment =
        [
            Value("K2HR3_API_URL", design.K2hr3Uri.TrimEnd('/')),
            Value("K2HDKC_DOMAIN", KubernetesNames.Domain),
            // The command line's own spelling.
            Value("K2HKDC_CLUSTER_NAME", Cluster),
            Value("K2HDKC_MODE", isServer ? "server" : "slave"),
            Field("K2HDKC_NODE_NAME", "spec.nodeName"),
            Field("K2HDKC_POD_NAME", "metadata.name"),
            Field("K2HDKC_NAMESPACE", "metadata.namespace"),
            Field("K2HDKC_POD_IP", "status.podIP"),
            Field("K2HDKC_POD_SERVICE_ACCOUNT", "spec.serviceAccountName"),
            Field("K2HDKC_NODE_IP", "status.hostIP"),
            Field("K2HDKC_POD_ID", "metadata.uid"),
        ];
        if (design.Tenant != design.Namespace) environment.Add(Value("K2HR3_TENANT", design.Tenant));
        return environment;
    }
}
