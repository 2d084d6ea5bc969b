using System.Globalization;
using System.Text.RegularExpressions;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Kubernetes;

/// <summary>The names of a cluster's objects: those of <c>k2hr3 database-k8s</c>, so that its clusters and ours are the same.</summary>
public static partial class KubernetesNames
{
    /// <summary>
    /// The greatest length of a cluster's name: a pod's revision label, <c>svrpod-NAME-HASH</c>, has 63 characters at most.
    /// </summary>
    public const int MaxLength = 45;

    /// <summary>Who has made an object, in its label <c>app.kubernetes.io/managed-by</c>.</summary>
    public const string Manager = "K2hdkcDbaas";

    /// <summary>The domain of the cluster's services.</summary>
    public const string Domain = "svc.cluster.local";

    /// <summary>The ConfigMap with the pods' scripts.</summary>
    /// <param name="cluster">The cluster's name.</param>
    public static string ConfigMap(string cluster) => "configmap-" + cluster;

    /// <summary>The Secret with the pods' certificates.</summary>
    /// <param name="cluster">The cluster's name.</param>
    public static string Certificates(string cluster) => $"secret-{cluster}-certs";

    /// <summary>The Secret with the role tokens.</summary>
    /// <param name="cluster">The cluster's name.</param>
    public static string Tokens(string cluster) => $"secret-{cluster}-k2hr3-token";

    /// <summary>The Secret with the key of the cluster's certificate authority. Ours alone: no pod mounts it.</summary>
    /// <param name="cluster">The cluster's name.</param>
    public static string Authority(string cluster) => $"secret-{cluster}-ca";

    /// <summary>The headless Service of nodes of a kind.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="isServer">Whether they are servers.</param>
    public static string Service(string cluster, bool isServer) => $"{Stem(isServer)}svc-{cluster}";

    /// <summary>The StatefulSet of nodes of a kind.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="isServer">Whether they are servers.</param>
    public static string Set(string cluster, bool isServer) => $"{Stem(isServer)}pod-{cluster}";

    /// <summary>A node's pod.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="isServer">Whether it is a server.</param>
    /// <param name="ordinal">Its number, from 0.</param>
    public static string Pod(string cluster, bool isServer, int ordinal) =>
        string.Create(CultureInfo.InvariantCulture, $"{Set(cluster, isServer)}-{ordinal}");

    /// <summary>The number of a node's pod; null when the name is not that of one.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="isServer">Whether it is a server.</param>
    /// <param name="pod">The pod's name.</param>
    public static int? Ordinal(string cluster, bool isServer, string pod)
    {
        ArgumentNullException.ThrowIfNull(pod);
        var stem = Set(cluster, isServer) + "-";
        return pod.StartsWith(stem, StringComparison.Ordinal)
            && int.TryParse(pod.AsSpan(stem.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
            ? ordinal : null;
    }

    /// <summary>A pod's name in the ring's TLS certificates.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="isServer">Whether it is a server.</param>
    /// <param name="ordinal">Its number, from 0.</param>
    public static string Host(string cluster, bool isServer, int ordinal) =>
        $"{Pod(cluster, isServer, ordinal)}.{Service(cluster, isServer)}";

    /// <summary>Checks the name of a cluster to be made.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="DbaasException"><c>InvalidClusterName</c>, with what to write instead.</exception>
    public static void CheckNew(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length <= MaxLength && Valid().IsMatch(name)) return;
        throw new DbaasException(ErrorKind.InvalidInput, "InvalidClusterName", $"'{name}' cannot be the name of a cluster in Kubernetes.",
            $"Use 1 to {MaxLength} lower-case letters, digits and '-', beginning and ending with a letter or digit.")
        { Target = name };
    }

    private static string Stem(bool isServer) => isServer ? "svr" : "slv";

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex Valid();
}
