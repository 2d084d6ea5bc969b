using K2hdkcDbaas.Core.Backends.Helm;
using K2hdkcDbaas.Core.Backends.Kubernetes;
using K2hdkcDbaas.Core.Backends.Nova;
using K2hdkcDbaas.Core.Backends.Trove;

namespace K2hdkcDbaas.Core.Backends;

/// <summary>The engines that this module knows: the one place where they are registered. The first is the default.</summary>
public static class BackendProviders
{
    /// <summary>One line per engine.</summary>
    public static IReadOnlyList<IClusterBackendProvider> All { get; } =
    [
        new NovaProvider(),
        new TroveProvider(),
        new KubernetesProvider(),
        new HelmProvider(),
    ];

    /// <summary>The provider that a word means; null when it means none.</summary>
    /// <param name="providers">Where to look.</param>
    /// <param name="name">The engine's name or another word for it; null means the first.</param>
    public static IClusterBackendProvider? Find(IReadOnlyList<IClusterBackendProvider> providers, string? name) =>
        name is null
            ? providers[0]
            : providers.FirstOrDefault(
                p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || p.Aliases.Contains(name, StringComparer.OrdinalIgnoreCase));
}
