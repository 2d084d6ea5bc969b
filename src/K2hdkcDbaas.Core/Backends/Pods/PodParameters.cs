using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Backends.Pods;

/// <summary>The parameters that all engines have whose nodes are pods.</summary>
internal static class PodParameters
{
    private const string Kubeconfig = "Kubeconfig";
    private const string Context = "Context";
    private const string Namespace = "Namespace";
    private const string Access = "PodAccess";

    /// <summary>Which Kubernetes a session is with, and how it reaches pods.</summary>
    public static IReadOnlyList<BackendParameter> Session { get; } =
    [
        new(Kubeconfig, typeof(string), ParameterUses.Connect,
            "The kubeconfig file; the files of KUBECONFIG, else ~/.kube/config, else the pod's own service account, when not given.")
        {
            IsPath = true,
            FromPipelineByName = true
        },
        new(Context, typeof(string), ParameterUses.Connect, "The context of the kubeconfig; its current one when not given.")
        {
            CompleteSetting = Contexts,
        },
        new(Namespace, typeof(string), ParameterUses.Connect,
            "The namespace to work in; the context's when not given. It is also the K2HR3 tenant where none is named.")
        {
            CompleteSetting = NamespacesAsync,
        },
        new(Access, typeof(string), ParameterUses.Connect,
            "How the pods' ports are reached: by their addresses (Direct), through the API server's port-forward (PortForward), or as it "
                + "turns out (Auto), which is so when not given.")
        {
            Allowed = Enum.GetNames<PodAccess>(),
        },
    ];

    /// <summary>What pods are made of.</summary>
    /// <param name="uses">The cmdlets that have them.</param>
    public static IReadOnlyList<BackendParameter> Images(ParameterUses uses) =>
    [
        new("InitImage", typeof(string), uses,
            $"The image of the containers that prepare and register a pod; {ClusterDesign.DefaultInitImage} when not given. Without curl "
                + $"in it, each pod installs that when it starts."),
        new("ChmpxImage", typeof(string), uses,
            $"The image of chmpx; {ClusterDesign.DefaultChmpxImage} when not given."),
        new("K2hdkcImage", typeof(string), uses,
            $"The image of k2hdkc; {ClusterDesign.DefaultK2hdkcImage} when not given."),
    ];

    /// <summary>Which Kubernetes a session means.</summary>
    public static KubernetesSettings Settings(IReadOnlyDictionary<string, object?> settings, Func<string, string?> variable,
        string homeFolder) => new()
        {
            Kubeconfig = settings.GetValueOrDefault(Kubeconfig)?.ToString(),
            Context = settings.GetValueOrDefault(Context)?.ToString(),
            Namespace = settings.GetValueOrDefault(Namespace)?.ToString(),
            Variable = variable,
            HomeFolder = homeFolder,
        };

    /// <summary>How pods' ports are reached.</summary>
    public static PodAccess PodAccessOf(BackendContext context) =>
        Enum.TryParse<PodAccess>(context.Text(Access), ignoreCase: true, out var access) ? access : PodAccess.Auto;

    private static Task<IReadOnlyList<ParameterCandidate>> Contexts(IReadOnlyDictionary<string, object?> settings,
        Func<string, string?> variable, string homeFolder, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ParameterCandidate>>([.. KubernetesConnection.FindContexts(Settings(settings, variable, homeFolder))
            .Select(c => new ParameterCandidate(c.Name, $"{c.Name}: namespace {c.Namespace} of {c.Cluster}, as {c.User}"))]);

    private static async Task<IReadOnlyList<ParameterCandidate>> NamespacesAsync(IReadOnlyDictionary<string, object?> settings,
        Func<string, string?> variable, string homeFolder, CancellationToken cancellationToken)
    {
        using var api = new KubernetesConnection(Settings(settings, variable, homeFolder), null, TimeProvider.System);
        return [.. (await api.GetNamespacesAsync(cancellationToken).ConfigureAwait(false)).Select(n => new ParameterCandidate(n))];
    }
}
