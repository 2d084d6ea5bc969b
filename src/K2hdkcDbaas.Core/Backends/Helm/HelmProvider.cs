using K2hdkcDbaas.Core.Backends.Pods;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Backends.Helm;

/// <summary>Clusters that are releases of K2HDKC's Helm chart: the real helm changes them, and no one behind its back.</summary>
internal sealed class HelmProvider : IClusterBackendProvider
{
    /// <summary>The engine's name.</summary>
    public const string EngineName = "Helm";

    /// <summary>What it can do. A StatefulSet gives up its highest pods first, so nodes go together.</summary>
    public static readonly BackendCapabilities Can =
        new() { RemovesNodesTogether = true, RemovesSlavesTogether = true, StartsSlaves = true };

    /// <inheritdoc/>
    public string Name => EngineName;

    /// <inheritdoc/>
    public string Description => "Releases of K2HDKC's Helm chart: pods in Kubernetes whose configuration K2HR3 holds";

    /// <inheritdoc/>
    public bool NeedsCloud => false;

    /// <inheritdoc/>
    public bool NeedsRegistry => true;

    /// <inheritdoc/>
    public BackendCapabilities Capabilities => Can;

    /// <inheritdoc/>
    public IReadOnlyList<Type> Features { get; } = [typeof(IRingAccess), typeof(IHelmReleases), typeof(IHelmValues)];

    /// <inheritdoc/>
    public IReadOnlyList<BackendParameter> Parameters => HelmParameters.All;

    /// <inheritdoc/>
    public string Authentication => "Kubeconfig";

    /// <inheritdoc/>
    public string? FindTenant(IReadOnlyDictionary<string, object?> settings, Func<string, string?> variable, string homeFolder) =>
        KubernetesConnection.FindNamespace(PodParameters.Settings(settings, variable, homeFolder));

    /// <inheritdoc/>
    public BackendNeed? Missing(BackendContext context) => null;

    /// <inheritdoc/>
    public IClusterBackend Create(BackendContext context) => new HelmBackend(context);
}
