using System.Text;
using System.Text.RegularExpressions;
using K2hdkcDbaas.Errors;
using k8s;
using k8s.Models;

namespace K2hdkcDbaas.Kubernetes;

/// <summary>Finds the K2HR3 systems of a namespace, whichever tool has made them.</summary>
/// <param name="api">The namespace.</param>
public sealed partial class K2hr3SystemReader(KubernetesConnection api)
{
    /// <summary>The systems. Parts that this account may not see are missing.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<K2hr3System>> GetAsync(CancellationToken cancellationToken)
    {
        var sets = await api.CallAsync("list", "statefulsets.apps", null,
            ct => api.Client.AppsV1.ListNamespacedStatefulSetAsync(api.Namespace, cancellationToken: ct),
            cancellationToken).ConfigureAwait(false);
        var deployments = await api.CallAsync("list", "deployments.apps", null,
            ct => api.Client.AppsV1.ListNamespacedDeploymentAsync(api.Namespace, cancellationToken: ct),
            cancellationToken).ConfigureAwait(false);
        var found = sets.Items.Select(s => Read(s, s.Spec.Selector, s.Spec.Template.Spec, s.Spec.Replicas, s.Status?.ReadyReplicas))
            .Concat(deployments.Items.Select(
                d => Read(d, d.Spec.Selector, d.Spec.Template.Spec, d.Spec.Replicas, d.Status?.ReadyReplicas)))
            .OfType<Found>().ToList();
        if (found.Count == 0) return [];
        var services = await api.CallAsync("list", "services", null,
            ct => api.Client.CoreV1.ListNamespacedServiceAsync(api.Namespace, cancellationToken: ct),
            cancellationToken).ConfigureAwait(false);
        var ports = services.Items.Where(s => s.Spec.Type == "NodePort")
            .ToDictionary(s => s.Metadata.Name, s => s.Spec.Ports?.FirstOrDefault()?.NodePort);
        var systems = new List<K2hr3System>();
        foreach (var group in found.GroupBy(f => f.ConfigMap).OrderBy(g => g.Key, StringComparer.Ordinal))
            systems.Add(await CompleteAsync(group.Key, [.. group], ports, cancellationToken).ConfigureAwait(false));
        return systems;
    }

    private static Found? Read(IKubernetesObject<V1ObjectMeta> item, V1LabelSelector selector, V1PodSpec pods, int? wanted, int? ready)
    {
        var name = item.Metadata.Name;
        if (!name.StartsWith("pod-", StringComparison.Ordinal)) return null;
        var part = name[4..];
        if (selector.MatchLabels is not { Count: 1 } labels || !labels.TryGetValue("app", out var app) || app != part) return null;
        if (pods.Containers.All(c => c.Name != "container-" + part)) return null;
        var map = pods.Volumes?.Select(v => v.ConfigMap?.Name)
            .FirstOrDefault(n => n?.StartsWith(K2hr3SystemNames.ConfigMap, StringComparison.Ordinal) == true);
        if (map is null) return null;
        var mode = pods.InitContainers?.SelectMany(c => c.Env ?? []).FirstOrDefault(e => e.Name == "CHMPX_MODE")?.Value;
        return new Found(item, pods, map, mode?.ToUpperInvariant(), new K2hr3SystemPart(part, wanted ?? 1, ready ?? 0));
    }

    private async Task<K2hr3System> CompleteAsync(string map, List<Found> found, Dictionary<string, int?> ports,
        CancellationToken cancellationToken)
    {
        K2hr3SystemPart? Part(string? mode) => found.Find(f => f.Mode == mode)?.Part is { } part
            ? part with { Port = ports.GetValueOrDefault(K2hr3SystemNames.NodePort(part.Name)) }
            : null;
        string? Said(string variable) => found.Find(f => f.Mode is null)?.Pods.Containers.SelectMany(c => c.Env ?? [])
            .FirstOrDefault(e => e.Name == variable)?.Value is { Length: > 0 } value ? value : null;
        var first = found[0].Item.Metadata;
        var (api, app) = (Said("K2HR3API_EXTERNAL_HOST"), Said("K2HR3APP_EXTERNAL_HOST"));
        if (api is null && app is null) (api, app) = await HostsAsync(map, cancellationToken).ConfigureAwait(false);
        return new K2hr3System(map[K2hr3SystemNames.ConfigMapStem.Length..])
        {
            ManagedBy = first.Labels?.TryGetValue("app.kubernetes.io/managed-by", out var manager) == true ? manager : null,
            Release = first.Annotations?.TryGetValue("meta.helm.sh/release-name", out var release) == true ? release : null,
            Data = Part("SERVER"),
            Api = Part("SLAVE"),
            App = Part(null),
            ApiHost = api,
            AppHost = app,
            Authority = await AuthorityAsync(found, cancellationToken).ConfigureAwait(false),
            Created = found.Min(f => ObjectReader.Time(f.Item.Metadata.CreationTimestamp)),
        };
    }

    // The command line writes the addresses into the settings in its ConfigMap, and nowhere else.
    private async Task<(string? Api, string? App)> HostsAsync(string map, CancellationToken cancellationToken)
    {
        var held = await api.FindAsync("configmaps", map,
            ct => api.Client.CoreV1.ReadNamespacedConfigMapAsync(map, api.Namespace, cancellationToken: ct),
            cancellationToken).ConfigureAwait(false);
        string? Host(string file, Regex place) =>
            held?.Data?.TryGetValue(file, out var text) == true && place.Match(text) is { Success: true } match
                ? match.Groups["host"].Value : null;
        return (Host("k2hr3-api-production.json", BaseUri()), Host("k2hr3-app-production.json", MainUrl()));
    }

    private async Task<string?> AuthorityAsync(List<Found> found, CancellationToken cancellationToken)
    {
        var secret = found.SelectMany(f => f.Pods.Volumes ?? []).Select(v => v.Secret?.SecretName)
            .FirstOrDefault(n => n?.StartsWith(K2hr3SystemNames.Authority, StringComparison.Ordinal) == true);
        if (secret is null) return null;
        try
        {
            var held = await api.GetSecretAsync(secret, cancellationToken).ConfigureAwait(false);
            return held?.FirstOrDefault(h => h.Key.EndsWith("_CA.crt", StringComparison.Ordinal)).Value is { } pem
                ? Encoding.UTF8.GetString(pem) : null;
        }
        catch (DbaasException e) when (e.Kind == ErrorKind.Forbidden)
        {
            // Who may only look sees the system without it.
            return null;
        }
    }

    [GeneratedRegex("""["']?baseuri["']?\s*:\s*["']https?://(?<host>[^:/"']+)""")]
    private static partial Regex BaseUri();

    [GeneratedRegex("""["']?mainUrl["']?\s*:\s*["']https?://(?<host>[^:/"']+)""")]
    private static partial Regex MainUrl();

    private sealed record Found(IKubernetesObject<V1ObjectMeta> Item, V1PodSpec Pods, string ConfigMap, string? Mode, K2hr3SystemPart Part);
}
