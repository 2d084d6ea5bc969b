using k8s;
using k8s.Models;

namespace K2hdkcDbaas.Kubernetes;

/// <summary>The objects that a chart comes to, as helm writes them.</summary>
public sealed class HelmObjects
{
    private readonly List<IKubernetesObject<V1ObjectMeta>> _objects;

    private HelmObjects(List<IKubernetesObject<V1ObjectMeta>> objects) => _objects = objects;

    internal IReadOnlyList<IKubernetesObject<V1ObjectMeta>> All => _objects;

    /// <summary>The Secrets that pods mount.</summary>
    public IReadOnlyList<string> MountedSecrets => [.. _objects.Select(Pod).OfType<V1PodSpec>().SelectMany(p => p.Volumes ?? [])
        .Where(v => v.Secret is { Optional: not true }).Select(v => v.Secret.SecretName).Distinct()];

    /// <summary>The StatefulSets of K2HDKC clusters.</summary>
    public IReadOnlyList<NodeSet> Sets => [.. _objects.OfType<V1StatefulSet>().Where(s => Pod(s) is not null).Select(ObjectReader.Set)
        .OfType<NodeSet>()];

    /// <summary>Reads them. What is of a kind that is not known here is passed over.</summary>
    /// <param name="manifest">YAML documents.</param>
    public static HelmObjects Parse(string manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var objects = new List<IKubernetesObject<V1ObjectMeta>>();
        foreach (var document in ("\n" + manifest.ReplaceLineEndings("\n")).Split("\n---"))
        {
            if (!document.Contains("kind:", StringComparison.Ordinal)) continue;
            try
            {
                objects.AddRange(KubernetesYaml.LoadAllFromString(document).OfType<IKubernetesObject<V1ObjectMeta>>());
            }
            catch (Exception e) when (e is YamlDotNet.Core.YamlException or KeyNotFoundException or InvalidCastException or FormatException)
            {
                // An object of some other application's kind.
            }
        }

        return new HelmObjects([.. objects.Where(o => o.Metadata?.Name is not null)]);
    }

    /// <summary>Whether there is an object.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="name">Its name.</param>
    /// <param name="space">The namespace that helm works in.</param>
    public bool Has(string kind, string name, string space) =>
        _objects.Exists(o => o.Kind == kind && o.Metadata.Name == name && (o.Metadata.NamespaceProperty ?? space) == space);

    /// <summary>The namespace that stands in an object; null when none does, or there is no such object.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="name">Its name.</param>
    public string? NamespaceOf(string kind, string name) =>
        _objects.Find(o => o.Kind == kind && o.Metadata.Name == name)?.Metadata.NamespaceProperty;

    private static V1PodSpec? Pod(IKubernetesObject<V1ObjectMeta> item) => item switch
    {
        V1StatefulSet set => set.Spec?.Template?.Spec,
        V1Job job => job.Spec?.Template?.Spec,
        _ => null,
    };
}
