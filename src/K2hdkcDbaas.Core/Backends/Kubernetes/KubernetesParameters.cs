using System.Text.Json.Nodes;
using K2hdkcDbaas.Core.Backends.Pods;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Backends.Kubernetes;

/// <summary>The parameters that Kubernetes understands, and what is made of them.</summary>
internal static class KubernetesParameters
{
    private const string PodUri = "PodK2hr3Uri";
    private const string AuthorityFile = "ClusterCaFile";
    private const string AuthorityKeyFile = "ClusterCaKeyFile";
    private const int DefaultVolumeSize = 10;
    private const ParameterUses Clusters = ParameterUses.NewCluster;
    private const ParameterUses Images = ParameterUses.NewCluster | ParameterUses.UpdateImage;
    private const ParameterUses Signing =
        ParameterUses.NewCluster | ParameterUses.AddNode | ParameterUses.StartSlave | ParameterUses.UpdateCertificate;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<BackendParameter> All { get; } =
    [
        .. PodParameters.Session,
        new(PodUri, typeof(Uri), ParameterUses.Connect,
            "K2HR3's REST API as pods see it; that of the Service svc-r3api in the namespace where there is one, else the session's own, "
                + "when not given."),
        .. PodParameters.Images(Images),
        new("VolumeSize", typeof(int), Clusters, "The size of a node's data volume in GiB; 10 when not given.")
        {
            Range = (1, 1_000_000),
            PutNode = (t, v) => t with { VolumeSize = (int)v },
        },
        new("StorageClass", typeof(string), Clusters,
            "The storage class of the servers' volumes; the Kubernetes cluster's default one when not given."),
        new("InMemory", typeof(bool), Clusters,
            "Keeps the servers' data in memory, as the command line does: it is lost with the pod. Without it each server has a volume "
                + "where there is a storage class."),
        new("PodResource", typeof(JsonObject), Clusters,
            "Requests and limits of the k2hdkc containers, as in a manifest: @{ requests = @{ memory = '1Gi' } }."),
        new("NodeSelector", typeof(IReadOnlyDictionary<string, string>), Clusters, "Labels that the pods' hosts must have."),
        new("Toleration", typeof(JsonArray), Clusters, "Taints of hosts that the pods bear, as in a manifest."),
        new("Affinity", typeof(JsonObject), Clusters,
            "The pods' affinity, as in a manifest; servers keep away from each other where they can when not given."),
        new("PullSecret", typeof(string[]), Clusters, "Secrets to pull the images with."),
        new("PodAnnotation", typeof(IReadOnlyDictionary<string, string>), Clusters, "Annotations of the pods."),
        new(AuthorityFile, typeof(string), Signing,
            "A PEM file with the certificate of the authority that signs the nodes' certificates; one is made with the cluster when not "
                + "given.") { IsPath = true },
        new(AuthorityKeyFile, typeof(string), Signing, "A PEM file with that authority's private key.") { IsPath = true },
    ];

    /// <summary>K2HR3's address as pods see it, as the session says; null when it does not.</summary>
    public static string? PodK2hr3Uri(BackendContext context) => context.Settings.GetValueOrDefault(PodUri) switch
    {
        Uri uri => uri.OriginalString,
        var other => other?.ToString(),
    };

    /// <summary>The files of an authority that was given; null when none was.</summary>
    public static (string Certificate, string Key)? AuthorityFiles(NodeTemplate? template) =>
        (Text(template, AuthorityFile), Text(template, AuthorityKeyFile)) switch
        {
            (null, null) => null,
            ({ } certificate, { } key) => (certificate, key),
            _ => throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest,
                $"Only one of -{AuthorityFile} and -{AuthorityKeyFile} is given.", "Give both or neither."),
        };

    /// <summary>Whether the data is to be in memory.</summary>
    public static bool IsInMemory(NodeTemplate? template) => template?.Settings.GetValueOrDefault("InMemory") is true;

    /// <summary>The storage class that was asked for; null for none.</summary>
    public static string? StorageClass(NodeTemplate? template) => Text(template, "StorageClass");

    /// <summary>The volumes' size in GiB.</summary>
    public static int VolumeSize(NodeTemplate? template) => template?.VolumeSize ?? DefaultVolumeSize;

    /// <summary>The pods as the request wants them.</summary>
    public static ClusterDesign Design(ClusterDesign design, NodeTemplate? template) => design with
    {
        InitImage = Text(template, "InitImage") ?? design.InitImage,
        ChmpxImage = Text(template, "ChmpxImage") ?? design.ChmpxImage,
        K2hdkcImage = Text(template, "K2hdkcImage") ?? design.K2hdkcImage,
        StorageClass = StorageClass(template),
        Resources = template?.Settings.GetValueOrDefault("PodResource") as JsonObject,
        Tolerations = template?.Settings.GetValueOrDefault("Toleration") as JsonArray,
        Affinity = template?.Settings.GetValueOrDefault("Affinity") as JsonObject,
        NodeSelector = Map(template, "NodeSelector"),
        Annotations = Map(template, "PodAnnotation"),
        PullSecrets = template?.Settings.GetValueOrDefault("PullSecret") as string[] ?? [],
    };

    /// <summary>The images that were asked for, by the names of the containers and init containers that they are for.</summary>
    public static (Dictionary<string, string> Containers, Dictionary<string, string> Init) ImagesOf(string cluster, bool isServer,
        NodeTemplate template)
    {
        var stem = isServer ? "svr" : "slv";
        var (containers, init) = (new Dictionary<string, string>(), new Dictionary<string, string>());
        if (Text(template, "InitImage") is { } first)
            (init[$"{stem}init-{cluster}"], containers[$"{stem}update-{cluster}"]) = (first, first);
        if (Text(template, "ChmpxImage") is { } chmpx) containers[$"{stem}chmpx-{cluster}"] = chmpx;
        if (isServer && Text(template, "K2hdkcImage") is { } k2hdkc) containers[$"{stem}k2hdkc-{cluster}"] = k2hdkc;
        return (containers, init);
    }

    private static string? Text(NodeTemplate? template, string name) => template?.Settings.GetValueOrDefault(name)?.ToString();

    private static IReadOnlyDictionary<string, string> Map(NodeTemplate? template, string name) =>
        template?.Settings.GetValueOrDefault(name) as IReadOnlyDictionary<string, string> ?? new Dictionary<string, string>();
}
