namespace K2hdkcDbaas.Kubernetes;

/// <summary>The names of a K2HR3 system's objects: those of <c>k2hr3 database-k8s</c>.</summary>
public static class K2hr3SystemNames
{
    /// <summary>The base name of the ring that keeps K2HR3's data.</summary>
    public const string Data = "r3dkc";

    /// <summary>The base name of the REST API.</summary>
    public const string Api = "r3api";

    /// <summary>The base name of the web application.</summary>
    public const string App = "r3app";

    /// <summary>What the system is called where this project or the command line has made it.</summary>
    public const string Own = "k2hr3";

    /// <summary>What the names of all systems' ConfigMaps begin with.</summary>
    public const string ConfigMapStem = "configmap-";

    /// <summary>The ConfigMap with the pods' scripts.</summary>
    public const string ConfigMap = ConfigMapStem + Own;

    /// <summary>The Secret with the authority's certificate.</summary>
    public const string Authority = "secret-k2hr3-ca";

    /// <summary>The Secret with the pods' certificates.</summary>
    public const string Certificates = "secret-k2hr3-certs";

    /// <summary>The Secret with the authority's key. Ours alone: no pod mounts it.</summary>
    public const string AuthorityKey = "secret-k2hr3-ca-key";

    /// <summary>
    /// The Secret with an authority's certificate and key that the pods of K2HDKC's chart mount, each to make its own certificate.
    /// </summary>
    /// <param name="system">What the chart calls the system.</param>
    public static string ChartAuthority(string system) => $"{Authority}-{system}";

    /// <summary>The Secret with the settings of API and application. Ours alone: the command line has them in its ConfigMap.</summary>
    public const string Settings = "secret-k2hr3-config";

    /// <summary>The StatefulSet or Deployment of a part.</summary>
    /// <param name="part">The part's base name.</param>
    public static string Pods(string part) => "pod-" + part;

    /// <summary>The headless Service of a part.</summary>
    /// <param name="part">The part's base name.</param>
    public static string Service(string part) => "svc-" + part;

    /// <summary>The Service by which a part is reached from outside.</summary>
    /// <param name="part">The part's base name.</param>
    public static string NodePort(string part) => "np-" + part;

    /// <summary>The API's service account.</summary>
    /// <param name="part">The API's base name.</param>
    public static string Account(string part) => "sa-" + part;

    /// <summary>
    /// The ClusterRole that lets the API list namespaces. The command line's names lack the namespace, so that of two systems the second
    /// takes the first one's right away.
    /// </summary>
    /// <param name="part">The API's base name.</param>
    /// <param name="space">The namespace.</param>
    public static string Role(string part, string space) => $"cr-{part}-{space}";

    /// <summary>The binding of that role.</summary>
    /// <param name="part">The API's base name.</param>
    /// <param name="space">The namespace.</param>
    public static string Binding(string part, string space) => $"crb-{part}-{space}";

    /// <summary>Whether an address is that of an API in the Kubernetes cluster, whatever the cluster's domain is.</summary>
    /// <param name="address">The address.</param>
    /// <param name="part">The API's base name.</param>
    /// <param name="space">Its namespace.</param>
    public static bool IsInside(string? address, string part, string space) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Host.Split('.') is [var service, var where, ..]
            && service == Service(part) && where == space;

    /// <summary>The API's address in the Kubernetes cluster.</summary>
    /// <param name="part">The API's base name.</param>
    /// <param name="space">The namespace.</param>
    public static string Inside(string part, string space) => $"https://{Service(part)}.{space}.{KubernetesNames.Domain}:443";
}
