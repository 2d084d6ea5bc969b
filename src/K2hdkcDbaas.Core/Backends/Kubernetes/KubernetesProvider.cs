using K2hdkcDbaas.Core.Backends.Pods;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Backends.Kubernetes;

/// <summary>Clusters of pods whose configuration K2HR3 holds, interchangeable with those of <c>k2hr3 database-k8s</c>.</summary>
internal sealed class KubernetesProvider : IClusterBackendProvider
{
    /// <summary>The engine's name.</summary>
    public const string EngineName = "Kubernetes";

    /// <summary>How K2HR3's part of its clusters is marked.</summary>
    public const string Mark = "kubernetes";

    /// <summary>What it can do. A StatefulSet gives up its highest pods first, so nodes go together.</summary>
    public static readonly BackendCapabilities Can =
        new() { RemovesNodesTogether = true, RemovesSlavesTogether = true, StartsSlaves = true };

    /// <inheritdoc/>
    public string Name => EngineName;

    /// <inheritdoc/>
    public IReadOnlyList<string> Aliases { get; } = ["K8s"];

    /// <inheritdoc/>
    public string Description => "Pods in Kubernetes whose configuration K2HR3 holds, as k2hr3 database-k8s makes them";

    /// <inheritdoc/>
    public bool NeedsCloud => false;

    /// <inheritdoc/>
    public bool NeedsRegistry => true;

    /// <inheritdoc/>
    public BackendCapabilities Capabilities => Can;

    /// <inheritdoc/>
    public IReadOnlyList<Type> Features { get; } = [typeof(IRingAccess), typeof(INodeRenewal), typeof(IHelmValues),
        typeof(IK2hr3Deployments), typeof(ICommandLineFolders)];

    /// <inheritdoc/>
    public IReadOnlyList<BackendParameter> Parameters => KubernetesParameters.All;

    /// <inheritdoc/>
    public string Authentication => "Kubeconfig";

    /// <inheritdoc/>
    public string? FindTenant(IReadOnlyDictionary<string, object?> settings, Func<string, string?> variable, string homeFolder) =>
        KubernetesConnection.FindNamespace(PodParameters.Settings(settings, variable, homeFolder));

    /// <inheritdoc/>
    public BackendNeed? Missing(BackendContext context) => null;

    /// <inheritdoc/>
    public IClusterBackend Create(BackendContext context) => new KubernetesBackend(context);
}
