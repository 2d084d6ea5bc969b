using k8s.Models;

namespace K2hdkcDbaas.Kubernetes;

/// <summary>Parts that pods are made of.</summary>
internal static class PodParts
{
    public const string EtcVolume = "antpickax-etc-volume";
    public const string LibVolume = "antpickax-var-lib-volume";
    public const string RunVolume = "antpickax-var-run-volume";
    public const string EtcFolder = "/etc/antpickax";
    public const string LibFolder = "/var/lib/antpickax";
    public const string RunFolder = "/var/run/antpickax";
    public const string ScriptFolder = "/configmap";

    public static V1EnvVar Value(string name, string value) => new() { Name = name, Value = value };

    public static V1EnvVar Field(string name, string path) =>
        new() { Name = name, ValueFrom = new V1EnvVarSource { FieldRef = new V1ObjectFieldSelector { FieldPath = path } } };

    public static V1VolumeMount Mount(string volume, string path, bool isReadOnly = false) =>
        new() { Name = volume, MountPath = path, ReadOnlyProperty = isReadOnly ? true : null };

    public static V1Volume Memory(string name) => new() { Name = name, EmptyDir = new V1EmptyDirVolumeSource { Medium = "Memory" } };

    public static V1Volume Secret(string name) => new() { Name = name, Secret = new V1SecretVolumeSource { SecretName = name } };

    public static V1Volume ConfigMap(string name) => new() { Name = name, ConfigMap = new V1ConfigMapVolumeSource { Name = name } };

    public static List<string> Script(string name, params string[] more) => ["/bin/sh", $"{ScriptFolder}/{name}", .. more];

    /// <summary>A server is ready when it is in service and moves no data.</summary>
    public static V1Probe InService() => new()
    {
        Exec = new V1ExecAction { Command = Script(PodScripts.Ready) },
        PeriodSeconds = 5,
        TimeoutSeconds = 10,
        FailureThreshold = 2,
    };

    /// <summary>Keeps pods with these labels on different hosts where that is possible.</summary>
    public static V1Affinity Spread(IDictionary<string, string> labels) => new()
    {
        PodAntiAffinity = new V1PodAntiAffinity
        {
            PreferredDuringSchedulingIgnoredDuringExecution =
            [
                new V1WeightedPodAffinityTerm
                {
                    Weight = 100,
                    PodAffinityTerm = new V1PodAffinityTerm
                    {
                        TopologyKey = "kubernetes.io/hostname",
                        LabelSelector = new V1LabelSelector { MatchLabels = labels },
                    },
                },
            ],
        },
    };

    /// <summary>The claim of each pod for its data.</summary>
    public static V1PersistentVolumeClaim Claim(int size, string? storageClass, IDictionary<string, string> labels) => new()
    {
        Metadata = new V1ObjectMeta { Name = LibVolume, Labels = labels },
        Spec = new V1PersistentVolumeClaimSpec
        {
            AccessModes = ["ReadWriteOnce"],
            StorageClassName = storageClass,
            Resources = new V1VolumeResourceRequirements
            {
                Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new($"{size}Gi") },
            },
        },
    };
}
