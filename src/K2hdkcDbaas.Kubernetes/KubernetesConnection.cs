using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using k8s;
using k8s.Autorest;
using k8s.Exceptions;
using k8s.KubeConfigModels;
using k8s.Models;

namespace K2hdkcDbaas.Kubernetes;

/// <summary>
/// One namespace of a Kubernetes cluster: the few calls that K2HDKC clusters need. The kubeconfig is read with the first call. Thread-safe.
/// </summary>
/// <param name="settings">Which Kubernetes, and as whom.</param>
/// <param name="observer">Told of every request and retry; null for no trace.</param>
/// <param name="time">The clock.</param>
public sealed class KubernetesConnection(KubernetesSettings settings, IHttpObserver? observer, TimeProvider time) : IDisposable
{
    /// <summary>Who we are in server-side apply.</summary>
    public const string FieldManager = "k2hdkcdbaas";

    private readonly Lock _lock = new();
    private k8s.Kubernetes? _client;
    private string? _namespace;

    /// <summary>The namespace.</summary>
    /// <exception cref="DbaasException"><see cref="KubernetesErrorIds.KubeconfigUnusable"/>.</exception>
    public string Namespace
    {
        get
        {
            _ = Client;
            return _namespace!;
        }
    }

    internal k8s.Kubernetes Client
    {
        get
        {
            lock (_lock)
            {
                if (_client is { } made) return made;
                var configuration = Configure(settings);
                configuration.HttpClientTimeout = settings.RequestTimeout;
                _namespace = NamespaceOf(settings, configuration);
                return _client = new k8s.Kubernetes(configuration, new RepeatHandler(observer, time));
            }
        }
    }

    /// <summary>The namespace that settings mean; null when there is no usable kubeconfig. Sends nothing.</summary>
    /// <param name="settings">The settings.</param>
    public static string? FindNamespace(KubernetesSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        try
        {
            return NamespaceOf(settings, Configure(settings));
        }
        catch (DbaasException)
        {
            return null;
        }
    }

    /// <summary>The contexts of the kubeconfig that settings mean; none when there is no usable one. Sends nothing.</summary>
    /// <param name="settings">The settings.</param>
    public static IReadOnlyList<KubeconfigContext> FindContexts(KubernetesSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        try
        {
            var files = Files(settings);
            if (files.Count == 0) return [];
            return [.. (KubeconfigFiles.Read(files).Contexts ?? []).Select(c => new KubeconfigContext(c.Name,
                c.ContextDetails?.Namespace is { Length: > 0 } space ? space : "default", c.ContextDetails?.Cluster ?? "",
                c.ContextDetails?.User ?? ""))];
        }
        catch (Exception e) when (e is DbaasException or IOException or UnauthorizedAccessException or KubeConfigException
            or YamlDotNet.Core.YamlException)
        {
            return [];
        }
    }

    /// <summary>The names of the Kubernetes cluster's namespaces.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<string>> GetNamespacesAsync(CancellationToken cancellationToken) =>
        Names(await CallAsync("list", "namespaces", null, ct => Client.CoreV1.ListNamespaceAsync(cancellationToken: ct),
            cancellationToken).ConfigureAwait(false));

    /// <summary>The StatefulSets of K2HDKC clusters.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<NodeSet>> GetSetsAsync(CancellationToken cancellationToken)
    {
        var sets = await CallAsync("list", "statefulsets.apps", null,
            ct => Client.AppsV1.ListNamespacedStatefulSetAsync(Namespace, cancellationToken: ct), cancellationToken).ConfigureAwait(false);
        return [.. sets.Items.Select(ObjectReader.Set).OfType<NodeSet>()];
    }

    /// <summary>One StatefulSet of a K2HDKC cluster; null when there is none.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="isServer">Whether it is that of the servers.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<NodeSet?> GetSetAsync(string cluster, bool isServer, CancellationToken cancellationToken)
    {
        var name = KubernetesNames.Set(cluster, isServer);
        var set = await FindAsync("statefulsets.apps", name,
            ct => Client.AppsV1.ReadNamespacedStatefulSetAsync(name, Namespace, cancellationToken: ct),
            cancellationToken).ConfigureAwait(false);
        return set is null ? null : ObjectReader.Set(set);
    }

    /// <summary>The pods of one cluster, or of all.</summary>
    /// <param name="cluster">The cluster's name; null for all pods of the namespace.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<NodePod>> GetPodsAsync(string? cluster, CancellationToken cancellationToken)
    {
        var selector = cluster is null ? null : "app=" + cluster;
        var pods = await CallAsync("list", "pods",
            null, ct => Client.CoreV1.ListNamespacedPodAsync(Namespace, labelSelector: selector, cancellationToken: ct),
            cancellationToken).ConfigureAwait(false);
        return [.. pods.Items.Select(ObjectReader.Pod)];
    }

    /// <summary>The names of the objects of a kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="selector">A label selector; null for all.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<string>> GetNamesAsync(ObjectKind kind, string? selector, CancellationToken cancellationToken) =>
        kind switch
        {
            ObjectKind.Service =>
                Names(await CallAsync("list", "services", null,
                    ct => Client.CoreV1.ListNamespacedServiceAsync(Namespace, labelSelector: selector, cancellationToken: ct),
                    cancellationToken).ConfigureAwait(false)),
            ObjectKind.Secret =>
                Names(await CallAsync("list", "secrets", null,
                    ct => Client.CoreV1.ListNamespacedSecretAsync(Namespace, labelSelector: selector, cancellationToken: ct),
                    cancellationToken).ConfigureAwait(false)),
            ObjectKind.PersistentVolumeClaim =>
                Names(await CallAsync("list", "persistentvolumeclaims",
                    null, ct => Client.CoreV1.ListNamespacedPersistentVolumeClaimAsync(Namespace, labelSelector: selector,
                        cancellationToken: ct), cancellationToken).ConfigureAwait(false)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    /// <summary>What a Secret holds; null when there is none. Secrets.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyDictionary<string, byte[]>?> GetSecretAsync(string name, CancellationToken cancellationToken)
    {
        var secret = await FindAsync("secrets", name, ct => Client.CoreV1.ReadNamespacedSecretAsync(name, Namespace, cancellationToken: ct),
            cancellationToken).ConfigureAwait(false);
        return secret is null ? null : new Dictionary<string, byte[]>(secret.Data ?? new Dictionary<string, byte[]>());
    }

    /// <summary>
    /// The revisions of Helm releases, the newest of each release first; those that cannot be read are passed over unless one release is
    /// asked for.
    /// </summary>
    /// <param name="release">The release's name; null for all of the namespace.</param>
    /// <param name="withFormer">Whether revisions that a later one has taken the place of are wanted, too.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DbaasException"><see cref="HelmErrorIds.HelmReleaseUnreadable"/>, and what the API server refuses.</exception>
    public async Task<IReadOnlyList<HelmRelease>> GetReleasesAsync(string? release, bool withFormer, CancellationToken cancellationToken)
    {
        var selector = "owner=helm" + (release is null ? "" : ",name=" + release) + (withFormer ? "" : ",status!=superseded");
        var secrets = await CallAsync("list", "secrets", null,
            ct => Client.CoreV1.ListNamespacedSecretAsync(Namespace, labelSelector: selector, cancellationToken: ct),
            cancellationToken).ConfigureAwait(false);
        var read = new List<HelmRelease>();
        foreach (var secret in secrets.Items.Where(s => s.Type == "helm.sh/release.v1"))
        {
            try
            {
                read.Add(HelmRelease.Read(secret.Data is { } data && data.TryGetValue("release", out var held) ? held : []));
            }
            catch (DbaasException) when (release is null)
            {
                // One application's broken record must not hide the clusters.
            }
        }

        return [.. read.OrderBy(r => r.Name, StringComparer.Ordinal).ThenByDescending(r => r.Revision)];
    }

    /// <summary>
    /// Where Services, StatefulSets and ConfigMaps are not as a manifest has them; of other kinds nothing is said.
    /// </summary>
    /// <param name="wanted">The manifest's objects.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<ObjectDifference>> CompareAsync(HelmObjects wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var found = new List<ObjectDifference>();
        foreach (var one in wanted.All)
        {
            var (name, space) = (one.Metadata.Name, one.Metadata.NamespaceProperty ?? Namespace);
            IKubernetesObject<V1ObjectMeta>? live;
            switch (one)
            {
                case V1Service:
                    live = await FindAsync("services", name,
                        ct => Client.CoreV1.ReadNamespacedServiceAsync(name, space, cancellationToken: ct),
                        cancellationToken).ConfigureAwait(false);
                    break;
                case V1StatefulSet:
                    live = await FindAsync("statefulsets.apps", name,
                        ct => Client.AppsV1.ReadNamespacedStatefulSetAsync(name, space, cancellationToken: ct),
                        cancellationToken).ConfigureAwait(false);
                    break;
                case V1ConfigMap:
                    live = await FindAsync("configmaps", name,
                        ct => Client.CoreV1.ReadNamespacedConfigMapAsync(name, space, cancellationToken: ct),
                        cancellationToken).ConfigureAwait(false);
                    break;
                default: continue;
            }

            found.AddRange(ObjectComparison.Find(one, live));
        }

        return found;
    }

    /// <summary>
    /// The first port of a Service on the Kubernetes cluster's hosts; null when it has none, or there is no such Service.
    /// </summary>
    /// <param name="service">The Service's name.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<int?> GetNodePortAsync(string service, CancellationToken cancellationToken) =>
        (await FindAsync("services", service, ct => Client.CoreV1.ReadNamespacedServiceAsync(service, Namespace, cancellationToken: ct),
            cancellationToken).ConfigureAwait(false))?.Spec.Ports?.FirstOrDefault()?.NodePort;

    /// <summary>Whether a ClusterRoleBinding is for an account of this namespace; not where this account may not look.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<bool> IsBoundHereAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var found = await FindAsync("clusterrolebindings.rbac.authorization.k8s.io", name,
                ct => Client.RbacAuthorizationV1.ReadClusterRoleBindingAsync(name, cancellationToken: ct),
                cancellationToken).ConfigureAwait(false);
            return found?.Subjects?.Any(s => s.NamespaceProperty == Namespace) == true;
        }
        catch (DbaasException e) when (e.Kind == ErrorKind.Forbidden)
        {
            return false;
        }
    }

    /// <summary>Whether there is a ConfigMap of a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<bool> HasConfigMapAsync(string name, CancellationToken cancellationToken) =>
        await GetConfigMapAsync(name, cancellationToken).ConfigureAwait(false) is not null;

    /// <summary>What a ConfigMap holds; null when there is none.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyDictionary<string, string>?> GetConfigMapAsync(string name, CancellationToken cancellationToken)
    {
        var found = await FindAsync("configmaps", name,
            ct => Client.CoreV1.ReadNamespacedConfigMapAsync(name, Namespace, cancellationToken: ct),
            cancellationToken).ConfigureAwait(false);
        return found is null ? null : new Dictionary<string, string>(found.Data ?? new Dictionary<string, string>());
    }

    /// <summary>The storage class that claims get by default; null when there is none, or this account may not look.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<string?> GetDefaultStorageClassAsync(CancellationToken cancellationToken)
    {
        try
        {
            var classes = await CallAsync("list", "storageclasses.storage.k8s.io",
                null, ct => Client.StorageV1.ListStorageClassAsync(cancellationToken: ct), cancellationToken).ConfigureAwait(false);
            return classes.Items.FirstOrDefault(
                c => c.Metadata.Annotations?.TryGetValue("storageclass.kubernetes.io/is-default-class", out var isDefault) == true
                    && isDefault == "true")?.Metadata.Name;
        }
        catch (DbaasException e) when (e.Kind == ErrorKind.Forbidden)
        {
            return null;
        }
    }

    /// <summary>Makes an object, or brings it to what is wanted (server-side apply).</summary>
    /// <param name="wanted">The object.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task ApplyAsync(KubernetesObject wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var patch = new V1Patch(KubernetesJson.Serialize(wanted.Body), V1Patch.PatchType.ApplyPatch);
        var name = wanted.Name;
        return wanted.Kind switch
        {
            ObjectKind.ConfigMap =>
                CallAsync("patch", "configmaps", name,
                    ct => Client.CoreV1.PatchNamespacedConfigMapAsync(patch, name, Namespace, fieldManager: FieldManager, force: true,
                        cancellationToken: ct), cancellationToken),
            ObjectKind.Secret =>
                CallAsync("patch", "secrets", name,
                    ct => Client.CoreV1.PatchNamespacedSecretAsync(patch, name, Namespace, fieldManager: FieldManager, force: true,
                        cancellationToken: ct), cancellationToken),
            ObjectKind.Service =>
                CallAsync("patch", "services", name,
                    ct => Client.CoreV1.PatchNamespacedServiceAsync(patch, name, Namespace, fieldManager: FieldManager, force: true,
                        cancellationToken: ct), cancellationToken),
            ObjectKind.StatefulSet =>
                CallAsync("patch", "statefulsets.apps", name,
                    ct => Client.AppsV1.PatchNamespacedStatefulSetAsync(patch, name, Namespace, fieldManager: FieldManager, force: true,
                        cancellationToken: ct), cancellationToken),
            ObjectKind.PodDisruptionBudget =>
                CallAsync("patch", "poddisruptionbudgets.policy", name,
                    ct => Client.PolicyV1.PatchNamespacedPodDisruptionBudgetAsync(patch, name, Namespace, fieldManager: FieldManager,
                        force: true, cancellationToken: ct), cancellationToken),
            ObjectKind.Deployment =>
                CallAsync("patch", "deployments.apps", name,
                    ct => Client.AppsV1.PatchNamespacedDeploymentAsync(patch, name, Namespace, fieldManager: FieldManager, force: true,
                        cancellationToken: ct), cancellationToken),
            ObjectKind.ServiceAccount =>
                CallAsync("patch", "serviceaccounts", name,
                    ct => Client.CoreV1.PatchNamespacedServiceAccountAsync(patch, name, Namespace, fieldManager: FieldManager, force: true,
                        cancellationToken: ct), cancellationToken),
            ObjectKind.ClusterRole =>
                CallAsync("patch", "clusterroles.rbac.authorization.k8s.io", name,
                    ct => Client.RbacAuthorizationV1.PatchClusterRoleAsync(patch, name, fieldManager: FieldManager, force: true,
                        cancellationToken: ct), cancellationToken),
            ObjectKind.ClusterRoleBinding =>
                CallAsync("patch", "clusterrolebindings.rbac.authorization.k8s.io", name,
                    ct => Client.RbacAuthorizationV1.PatchClusterRoleBindingAsync(patch, name, fieldManager: FieldManager, force: true,
                        cancellationToken: ct), cancellationToken),
            _ => throw new ArgumentException($"A {wanted.Kind} is never made here.", nameof(wanted)),
        };
    }

    /// <summary>Adds keys to a Secret, or changes them; others stay.</summary>
    /// <param name="name">The Secret.</param>
    /// <param name="data">The keys. Secrets.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task AddToSecretAsync(string name, IReadOnlyDictionary<string, byte[]> data, CancellationToken cancellationToken)
    {
        var patch = new V1Patch(JsonSerializer.Serialize(new { data }), V1Patch.PatchType.MergePatch);
        return CallAsync("patch", "secrets", name,
            ct => Client.CoreV1.PatchNamespacedSecretAsync(patch, name, Namespace, fieldManager: FieldManager, cancellationToken: ct),
            cancellationToken);
    }

    /// <summary>Sets how many pods a StatefulSet has.</summary>
    /// <param name="name">The StatefulSet.</param>
    /// <param name="replicas">How many.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task ScaleAsync(string name, int replicas, CancellationToken cancellationToken)
    {
        var patch = new V1Patch(JsonSerializer.Serialize(new { spec = new { replicas } }), V1Patch.PatchType.MergePatch);
        return CallAsync("patch", "statefulsets.apps/scale",
            name, ct => Client.AppsV1.PatchNamespacedStatefulSetScaleAsync(patch, name, Namespace, fieldManager: FieldManager,
                cancellationToken: ct), cancellationToken);
    }

    /// <summary>Deletes a pod, unless another has taken its place; its StatefulSet makes a new one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="uid">Its uid.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task DeletePodAsync(string name, string uid, CancellationToken cancellationToken)
    {
        try
        {
            await CallAsync("delete", "pods", name, ct => Client.CoreV1.DeleteNamespacedPodAsync(name, Namespace,
                new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = uid } }, cancellationToken: ct),
                cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException e) when (e.Kind is ErrorKind.NotFound or ErrorKind.Conflict)
        {
            // As wanted.
        }
    }

    /// <summary>
    /// Names the images of a StatefulSet's containers. Pods get them when they are recreated, and from now on nobody but a caller does
    /// that: Kubernetes would not wait for the ring.
    /// </summary>
    /// <param name="name">The StatefulSet.</param>
    /// <param name="containers">Images by the names of containers.</param>
    /// <param name="initContainers">Images by the names of init containers.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task SetImagesAsync(string name, IReadOnlyDictionary<string, string> containers,
        IReadOnlyDictionary<string, string> initContainers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(containers);
        ArgumentNullException.ThrowIfNull(initContainers);
        static object List(IReadOnlyDictionary<string, string> images) => images.Select(i => new { name = i.Key, image = i.Value });
        var change = new
        {
            spec = new
            {
                updateStrategy = new { type = "OnDelete", rollingUpdate = (object?)null },
                template = new { spec = new { containers = List(containers), initContainers = List(initContainers) } },
            },
        };
        var patch = new V1Patch(JsonSerializer.Serialize(change), V1Patch.PatchType.StrategicMergePatch);
        return CallAsync("patch", "statefulsets.apps", name, ct => Client.AppsV1.PatchNamespacedStatefulSetAsync(patch, name, Namespace,
            fieldManager: FieldManager, cancellationToken: ct), cancellationToken);
    }

    /// <summary>Deletes an object; one that is not there counts as deleted.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Whether it was there.</returns>
    public async Task<bool> DeleteAsync(ObjectKind kind, string name, CancellationToken cancellationToken)
    {
        try
        {
            await (kind switch
            {
                ObjectKind.ConfigMap =>
                    CallAsync("delete", "configmaps", name,
                        ct => Client.CoreV1.DeleteNamespacedConfigMapAsync(name, Namespace, cancellationToken: ct), cancellationToken),
                ObjectKind.Secret =>
                    CallAsync("delete", "secrets",
                        name, ct => Client.CoreV1.DeleteNamespacedSecretAsync(name, Namespace, cancellationToken: ct), cancellationToken),
                ObjectKind.Service =>
                    CallAsync("delete", "services",
                        name, ct => Client.CoreV1.DeleteNamespacedServiceAsync(name, Namespace, cancellationToken: ct), cancellationToken),
                ObjectKind.StatefulSet =>
                    CallAsync("delete", "statefulsets.apps",
                        name, ct => Client.AppsV1.DeleteNamespacedStatefulSetAsync(name, Namespace, propagationPolicy: "Background",
                            cancellationToken: ct), cancellationToken),
                ObjectKind.Deployment =>
                    CallAsync("delete", "deployments.apps", name,
                        ct => Client.AppsV1.DeleteNamespacedDeploymentAsync(name, Namespace, propagationPolicy: "Background",
                            cancellationToken: ct), cancellationToken),
                ObjectKind.ServiceAccount =>
                    CallAsync("delete", "serviceaccounts", name,
                        ct => Client.CoreV1.DeleteNamespacedServiceAccountAsync(name, Namespace, cancellationToken: ct), cancellationToken),
                ObjectKind.ClusterRole =>
                    CallAsync("delete", "clusterroles.rbac.authorization.k8s.io", name,
                        ct => Client.RbacAuthorizationV1.DeleteClusterRoleAsync(name, cancellationToken: ct), cancellationToken),
                ObjectKind.ClusterRoleBinding =>
                    CallAsync("delete", "clusterrolebindings.rbac.authorization.k8s.io", name,
                        ct => Client.RbacAuthorizationV1.DeleteClusterRoleBindingAsync(name, cancellationToken: ct), cancellationToken),
                ObjectKind.PodDisruptionBudget =>
                    CallAsync("delete", "poddisruptionbudgets.policy",
                        name, ct => Client.PolicyV1.DeleteNamespacedPodDisruptionBudgetAsync(name, Namespace, cancellationToken: ct),
                        cancellationToken),
                ObjectKind.PersistentVolumeClaim => (Task)CallAsync("delete", "persistentvolumeclaims",
                    name, ct => Client.CoreV1.DeleteNamespacedPersistentVolumeClaimAsync(name, Namespace, cancellationToken: ct),
                    cancellationToken),
                _ => throw new ArgumentOutOfRangeException(nameof(kind)),
            }).ConfigureAwait(false);
            return true;
        }
        catch (DbaasException e) when (e.Kind == ErrorKind.NotFound)
        {
            return false;
        }
        catch (DbaasException e) when (e.InnerException is JsonException)
        {
            // Done: a Service's last state or a mere status is what servers answer with, each release another.
            return true;
        }
    }

    /// <summary>Opens a port of a pod through the API server.</summary>
    /// <param name="pod">The pod's name.</param>
    /// <param name="port">Its port.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<Stream> OpenPortAsync(string pod, int port, CancellationToken cancellationToken)
    {
        // A WebSocket begins with GET: that is the verb that RBAC looks at.
        var socket = await CallAsync("get", "pods/portforward", pod, async ct =>
        {
            try
            {
                return await Client.WebSocketNamespacedPodPortForwardAsync(pod, Namespace, [port], "v4.channel.k8s.io",
                    cancellationToken: ct).ConfigureAwait(false);
            }
            catch (WebSocketException)
            {
                // A refused WebSocket does not tell what the server says; a plain request for the same does, unless it was another matter.
                await WhyNoPortAsync(pod, port, ct).ConfigureAwait(false);
                throw;
            }
        }, cancellationToken).ConfigureAwait(false);
        return new PortStream(socket);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock) _client?.Dispose();
    }

    private async Task WhyNoPortAsync(string pod, int port, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await Client.CoreV1.ConnectGetNamespacedPodPortforwardAsync(pod, Namespace, port,
                cancellationToken).ConfigureAwait(false);
        }
        catch (HttpOperationException e) when (e.Response?.StatusCode == HttpStatusCode.BadRequest)
        {
            // It wants a WebSocket: so far all is well.
        }
    }

    private static List<string> Names<T>(IItems<T> list)
        where T : IMetadata<V1ObjectMeta> => [.. list.Items.Select(i => i.Metadata.Name)];

    private static string NamespaceOf(KubernetesSettings settings, KubernetesClientConfiguration configuration) =>
        settings.Namespace ?? (string.IsNullOrEmpty(configuration.Namespace) ? "default" : configuration.Namespace);

    // As kubectl: the named file, the files of KUBECONFIG put together, the one in the home folder; in a pod its service account.
    private static KubernetesClientConfiguration Configure(KubernetesSettings settings)
    {
        try
        {
            var files = Files(settings);
            if (files.Count == 0)
            {
                if (KubernetesClientConfiguration.IsInCluster()) return KubernetesClientConfiguration.InClusterConfig();
                throw KubernetesFaults.Unusable(
                    $"there is no kubeconfig at '{Path.Combine(settings.HomeFolder, ".kube", "config")}', and this is no pod");
            }

            var merged = KubeconfigFiles.Read(files);
            if (settings.Context is { } wanted && merged.Contexts?.Any(c => c.Name == wanted) != true)
                throw KubernetesFaults.Unusable(
                    $"{string.Join(" and ", files)} {(files.Count == 1 ? "has" : "have")} no context '{wanted}', but {Known(merged)}");
            return KubernetesClientConfiguration.BuildConfigFromConfigObject(merged, settings.Context);
        }
        catch (Exception e) when (e is not DbaasException)
        {
            throw KubernetesFaults.Unusable(e.Message, e);
        }
    }

    private static string Known(K8SConfiguration configuration) =>
        configuration.Contexts?.Select(c => c.Name).ToList() is { Count: > 0 } names ? string.Join(", ", names) : "none at all";

    private static List<string> Files(KubernetesSettings settings)
    {
        if (settings.Kubeconfig is { } named)
            return File.Exists(named) ? [named] : throw KubernetesFaults.Unusable($"there is no file '{named}'");
        if (settings.Variable("KUBECONFIG") is { Length: > 0 } listed)
        {
            var there = listed.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Where(File.Exists).ToList();
            return there.Count > 0 ? there : throw KubernetesFaults.Unusable($"none of the files of KUBECONFIG ({listed}) is there");
        }

        var home = Path.Combine(settings.HomeFolder, ".kube", "config");
        return File.Exists(home) ? [home] : [];
    }

    internal async Task<T?> FindAsync<T>(string resource, string name, Func<CancellationToken, Task<T>> call,
        CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await CallAsync("get", resource, name, call, cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException e) when (e.Kind == ErrorKind.NotFound)
        {
            return null;
        }
    }

    internal async Task<T> CallAsync<T>(string verb, string resource, string? name, Func<CancellationToken, Task<T>> call,
        CancellationToken cancellationToken)
    {
        try
        {
            return await call(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is not DbaasException)
        {
            throw KubernetesFaults.Of(e, verb, resource, name, Namespace);
        }
    }
}
