using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Backends.Kubernetes.Deployments;

/// <summary>The K2HR3 systems of a namespace: ours, the command line's, and those of Helm's chart.</summary>
internal sealed class K2hr3Systems(KubernetesConnection api, TimeProvider time)
{
    private const string CommandLine = "k2hr3 database-k8s";
    private const string Helm = "Helm";

    private readonly K2hr3SystemReader _reader = new(api);

    /// <summary>The systems whose names fit.</summary>
    public async Task<IReadOnlyList<K2hr3Deployment>> GetAsync(string pattern, CancellationToken cancellationToken)
    {
        var wanted = new NamePattern(pattern);
        return [.. (await _reader.GetAsync(cancellationToken).ConfigureAwait(false)).Where(s => wanted.Fits(s.Name)).Select(Shown)];
    }

    /// <summary>One system; null when there is none.</summary>
    public async Task<K2hr3System?> FindAsync(string name, CancellationToken cancellationToken) =>
        (await _reader.GetAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(s => s.Name == name);

    /// <summary>A system that may be removed.</summary>
    /// <exception cref="DbaasException">There is none, Helm runs it, or clusters use it.</exception>
    public async Task<K2hr3System> RemovableAsync(string name, bool force, CancellationToken cancellationToken)
    {
        var found = await FindAsync(name, cancellationToken).ConfigureAwait(false)
            ?? await RestAsync(name, cancellationToken).ConfigureAwait(false)
            ?? throw new DbaasException(ErrorKind.NotFound, ErrorIds.K2hr3DeploymentNotFound,
                $"There is no K2HR3 system '{name}' in namespace '{api.Namespace}'.",
                "Get-K2hr3Deployment lists those there are; another namespace takes a session with -Namespace.")
            { Target = name };
        if (found.ManagedBy == Helm)
            throw new DbaasException(ErrorKind.NotSupported, ErrorIds.BackendNotSupported,
                $"K2HR3 system '{name}' belongs to the Helm release '{found.Release}'; nothing was changed.",
                $"Remove it with 'helm uninstall {found.Release} --namespace {api.Namespace}'.")
            { Target = name };
        if (force || found.Api is null) return found;
        var host = K2hr3SystemNames.Service(found.Api.Name) + ".";
        var users = (await api.GetSetsAsync(cancellationToken).ConfigureAwait(false))
            .Where(s => Uri.TryCreate(s.K2hr3Uri, UriKind.Absolute, out var uri) && uri.Host.StartsWith(host, StringComparison.Ordinal))
            .Select(s => s.Cluster).Distinct().ToList();
        if (users.Count > 0)
            throw new DbaasException(ErrorKind.Conflict, ErrorIds.K2hr3DeploymentInUse,
                $"K2HR3 system '{name}' keeps the configuration of {string.Join(", ", users)}; nothing was changed.",
                "Remove the clusters first with Remove-K2hdkcCluster; -Force leaves them without K2HR3.")
            { Target = name };
        return found;
    }

    /// <summary>The volume claims of the system that is made here.</summary>
    public Task<IReadOnlyList<string>> ClaimsAsync(CancellationToken cancellationToken) =>
        api.GetNamesAsync(ObjectKind.PersistentVolumeClaim, K2hr3SystemObjects.Selector, cancellationToken);

    // A removal that broke off has left its claims, after all by which a system is found.
    private async Task<K2hr3System?> RestAsync(string name, CancellationToken cancellationToken) =>
        name == K2hr3SystemNames.Own && (await ClaimsAsync(cancellationToken).ConfigureAwait(false)).Count > 0
            ? new K2hr3System(name) { ManagedBy = KubernetesNames.Manager }
            : null;

    /// <summary>Waits until all pods of a system are ready.</summary>
    public async Task<K2hr3Deployment> WaitAsync(FlowRun run, string name)
    {
        var poll = new Poll(time, run.Options.Timeout);
        while (true)
        {
            K2hr3Deployment? shown = null;
            try
            {
                shown = await FindAsync(name, run.Token).ConfigureAwait(false) is { } found ? Shown(found) : null;
                if (shown is { Status: ClusterStatus.Ready }) return shown;
                run.Report($"waiting: {shown?.StatusDetail ?? "nothing is there yet"}", 60);
            }
            catch (DbaasException e) when (Pods.PodWaiter.IsPassing(e))
            {
                run.Options.Observer.Verbose($"Waiting on: {e.Message}");
            }

            if (await poll.NextAsync(run.Token).ConfigureAwait(false)) continue;
            var why = await WhyAsync(run.Token).ConfigureAwait(false);
            throw FlowRun.Keeping(new DbaasException(ErrorKind.Timeout, ErrorIds.K2hr3DeploymentWaitTimeout,
                $"After {poll.Elapsed.TotalSeconds:0} s the K2HR3 system '{name}' is not ready: {shown?.StatusDetail}{why}.",
                "See 'kubectl get pods' and 'kubectl logs POD --all-containers'; Get-K2hr3Deployment shows what becomes of it.")
            { Target = name });
        }
    }

    /// <summary>A system as users see it.</summary>
    public K2hr3Deployment Shown(K2hr3System system)
    {
        (string Name, K2hr3SystemPart? Part)[] parts =
            [(K2hr3SystemNames.Data, system.Data), (K2hr3SystemNames.Api, system.Api), (K2hr3SystemNames.App, system.App)];
        var missing = parts.Where(p => p.Part is null).Select(p => p.Name).ToList();
        var waiting = system.Parts.Where(p => p.Ready < p.Wanted || (p.Wanted == 0 && p != system.App))
            .Select(p => $"{p.Ready} of {p.Wanted} pods of {K2hr3SystemNames.Pods(p.Name)} are ready").ToList();
        if (missing.Count > 0) waiting.Insert(0, $"{string.Join(", ", missing)} {(missing.Count == 1 ? "is" : "are")} missing");
        return new K2hr3Deployment
        {
            Name = system.Name,
            Namespace = api.Namespace,
            ManagedBy = system.ManagedBy ?? CommandLine,
            Status = missing.Count > 0 ? ClusterStatus.Incomplete
                : waiting.Count == 0 ? ClusterStatus.Ready
                : system.Parts.All(p => p.Ready > 0 || p.Wanted == 0) ? ClusterStatus.Degraded : ClusterStatus.Creating,
            StatusDetail = waiting.Count == 0 ? null : string.Join("; ", waiting),
            DataCount = system.Data?.Wanted ?? 0,
            ApiCount = system.Api?.Wanted ?? 0,
            AppCount = system.App?.Wanted ?? 0,
            K2hr3Uri = Address(system.ApiHost, system.Api?.Port),
            AppUri = Address(system.AppHost, system.App?.Port),
            PodK2hr3Uri = system.Api is { } part ? new Uri(K2hr3SystemNames.Inside(part.Name, api.Namespace)) : null,
            CaCertificate = system.Authority,
            Created = system.Created,
        };
    }

    private static Uri? Address(string? host, int? port) =>
        host is null || port is null ? null : new UriBuilder(Uri.UriSchemeHttps, host, port.Value).Uri;

    private async Task<string> WhyAsync(CancellationToken cancellationToken)
    {
        var pods = await api.GetPodsAsync(null, cancellationToken).ConfigureAwait(false);
        var held = pods.Where(p => p.Name.StartsWith("pod-", StringComparison.Ordinal) && p is { IsUp: false, Detail: not null }).ToList();
        return held.Count == 0 ? "" : $" ({held[0].Name} is {held[0].Status}: {held[0].Detail!.TrimEnd('.')})";
    }
}
