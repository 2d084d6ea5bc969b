using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Kubernetes;

/// <summary>How a cluster's pods are made.</summary>
public sealed record ClusterDesign
{
    /// <summary>The image of the init and update containers, unless told otherwise.</summary>
    public const string DefaultInitImage = "alpine:3.22";

    /// <summary>The image of chmpx, unless told otherwise.</summary>
    public const string DefaultChmpxImage = "antpickax/chmpx:1.0.110";

    /// <summary>The image of k2hdkc, unless told otherwise.</summary>
    public const string DefaultK2hdkcImage = "antpickax/k2hdkc:1.0.17";

    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The K2HR3 tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>K2HR3's address as the pods see it.</summary>
    public required string K2hr3Uri { get; init; }

    /// <summary>How many servers.</summary>
    public int Servers { get; init; }

    /// <summary>How many slaves.</summary>
    public int Slaves { get; init; }

    /// <summary>The servers' port.</summary>
    public int ServerPort { get; init; } = 8020;

    /// <summary>The servers' control port.</summary>
    public int ServerControlPort { get; init; } = 8021;

    /// <summary>The slaves' control port.</summary>
    public int SlaveControlPort { get; init; } = 8022;

    /// <summary>The image of the init and update containers.</summary>
    public string InitImage { get; init; } = DefaultInitImage;

    /// <summary>The image of chmpx.</summary>
    public string ChmpxImage { get; init; } = DefaultChmpxImage;

    /// <summary>The image of k2hdkc.</summary>
    public string K2hdkcImage { get; init; } = DefaultK2hdkcImage;

    /// <summary>The servers' volume size in GiB; null for memory.</summary>
    public int? VolumeSize { get; init; }

    /// <summary>The storage class of volumes; null for the Kubernetes cluster's default.</summary>
    public string? StorageClass { get; init; }

    /// <summary>Requests and limits of the k2hdkc container, as Kubernetes wants them; null for none.</summary>
    public JsonObject? Resources { get; init; }

    /// <summary>Labels that the pods' hosts must have.</summary>
    public IReadOnlyDictionary<string, string> NodeSelector { get; init; } = new Dictionary<string, string>();

    /// <summary>Taints that the pods bear, as Kubernetes wants them; null for none.</summary>
    public JsonArray? Tolerations { get; init; }

    /// <summary>Affinity as Kubernetes wants it; null spreads servers over hosts where that is possible.</summary>
    public JsonObject? Affinity { get; init; }

    /// <summary>Secrets to pull images with.</summary>
    public IReadOnlyList<string> PullSecrets { get; init; } = [];

    /// <summary>Annotations of the pods.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();
}
