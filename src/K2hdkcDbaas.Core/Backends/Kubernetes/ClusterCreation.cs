using System.Text;
using System.Text.Json;
using K2hdkcDbaas.Core.Backends.Pods;
using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Backends.Kubernetes;

/// <summary>Makes clusters: their part in K2HR3 first, then the objects of Kubernetes.</summary>
internal sealed class ClusterCreation(KubernetesConnection api, ClusterRegistry registry, ClusterKeys keys, PodWaiter waiter,
    BackendContext context)
{
    /// <summary>Looks at a request before anything is asked of anyone.</summary>
    public static void Check(NewCluster request)
    {
        KubernetesNames.CheckNew(request.Name);
        int[] ports = [request.Ports.Server, request.Ports.ServerControl, request.Ports.SlaveControl];
        // chmpx keeps its ports in 16 bits with a sign, and does not listen on those above.
        if (ports.Any(p => p is < 1 or > 32767))
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest,
                $"chmpx cannot use port {ports.First(p => p is < 1 or > 32767)}.", "Give ports from 1 to 32767.");
        if (request.Ports.Server == request.Ports.ServerControl)
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest,
                $"Server port and server control port are both {request.Ports.Server}.", "Give two different ports.");
        _ = KubernetesParameters.AuthorityFiles(request.Nodes);
    }

    /// <summary>Makes a cluster, or what is missing of one.</summary>
    public async Task<Cluster> CreateAsync(FlowRun run, NewCluster request)
    {
        var name = request.Name;
        run.Report("looking at what is there", 0);
        var tenant = registry.TenantAsync(run.Token);
        var services = api.GetNamesAsync(ObjectKind.Service, null, run.Token);
        var sets = api.GetSetsAsync(run.Token);
        var certificates = api.GetSecretAsync(KubernetesNames.Certificates(name), run.Token);
        var tokens = api.GetSecretAsync(KubernetesNames.Tokens(name), run.Token);
        var scripts = api.HasConfigMapAsync(KubernetesNames.ConfigMap(name), run.Token);
        await Together.AllAsync(tenant, services, sets, certificates, tokens, scripts).ConfigureAwait(false);
        var own = sets.Result.Where(s => s.Cluster == name).ToList();
        if (own.Find(s => s.IsHelm) is { } helm) throw KubernetesBackend.RunByHelm(helm);
        // A cluster of another tool leaves no mark in K2HR3; its pods do.
        var have = await registry.ProbeAsync(
            name, own.Count > 0 ? await OwnerAsync(name, run.Token).ConfigureAwait(false) : KubernetesProvider.Mark,
            run.Token).ConfigureAwait(false);
        if (have.Whole && own.Count == 2 && certificates.Result is not null && tokens.Result is not null && scripts.Result)
            throw new DbaasException(ErrorKind.AlreadyExists, ErrorIds.ClusterExists,
                $"Cluster '{name}' exists already; nothing was changed.",
                "Choose another name, add nodes with Add-K2hdkcNode, or remove it with Remove-K2hdkcCluster.")
            { Target = name };
        if (have.Any || own.Count > 0) run.Options.Observer.Warning($"Cluster '{name}' is there in part; what is missing is made.");

        var design = await DesignAsync(run, request, await tenant.ConfigureAwait(false), services.Result).ConfigureAwait(false);
        if (design.VolumeSize is not null && !own.Exists(s => s.IsServer)) await WarnOfClaimsAsync(run, name).ConfigureAwait(false);
        run.Report("making configuration and roles", 10);
        await registry.CreateAsync(run, design.Tenant, request, have, KubernetesProvider.Mark,
            new ClusterContents(ClusterTemplate.PodText(design.Tenant, name), RoleKeys)).ConfigureAwait(false);
        var roleTokens = tokens.Result ?? await TokensAsync(run, name, fresh: !have.Any).ConfigureAwait(false);

        run.Report("making certificates", 20);
        using var authority = await keys.AuthorityOfNewAsync(name, request.Nodes, run.Token).ConfigureAwait(false);
        var held = new Dictionary<string, byte[]>(certificates.Result ?? new Dictionary<string, byte[]>());
        held.TryAdd("ca.crt", Encoding.ASCII.GetBytes(authority.Pem));
        if (await K2hr3AuthorityAsync(design, run.Token).ConfigureAwait(false) is { } k2hr3) held[ClusterObjects.K2hr3Authority] = k2hr3;
        foreach (var isServer in (bool[])[true, false])
        {
            foreach (var (file, content) in await keys.IssueAsync(authority, name, isServer, isServer ? design.Servers : design.Slaves,
                held).ConfigureAwait(false)) held[file] = content;
        }

        run.Report("making objects", 30);
        var objects = new ClusterObjects(design);
        await ApplyAsync(run, objects.ConfigMap(), scripts.Result).ConfigureAwait(false);
        await ApplyAsync(run, objects.Secret(KubernetesNames.Authority(name), keys.Keep(authority)), false).ConfigureAwait(false);
        await ApplyAsync(run, objects.Secret(KubernetesNames.Certificates(name), held),
            certificates.Result is not null).ConfigureAwait(false);
        if (tokens.Result is null)
            await ApplyAsync(run, objects.Secret(KubernetesNames.Tokens(name), roleTokens), false).ConfigureAwait(false);
        await BudgetAsync(run, objects).ConfigureAwait(false);
        foreach (var isServer in (bool[])[true, false])
        {
            await ApplyAsync(run, objects.Service(isServer),
                services.Result.Contains(KubernetesNames.Service(name, isServer))).ConfigureAwait(false);
            if (!own.Exists(s => s.IsServer == isServer)) await SetAsync(run, objects, design, isServer).ConfigureAwait(false);
        }

        var pods = Pods(name, true, design.Servers).Concat(Pods(name, false, design.Slaves)).ToList();
        if (run.Options.Wait && pods.Count > 0) await waiter.ReadyAsync(run, name, pods).ConfigureAwait(false);
        return new Cluster
        {
            Name = name,
            Backend = KubernetesProvider.EngineName,
            Project = api.Namespace,
            Status = pods.Count > 0 && !run.Options.Wait ? ClusterStatus.Creating : ClusterStatus.Ready,
            Ports = request.Ports
        };
    }

    // Such as the command line's delete leaves.
    private async Task WarnOfClaimsAsync(FlowRun run, string cluster)
    {
        var claims = await api.GetNamesAsync(ObjectKind.PersistentVolumeClaim, ClusterObjects.Selector(cluster),
            run.Token).ConfigureAwait(false);
        if (claims.Count > 0)
            run.Options.Observer.Warning(
                $"Volume claims of a former cluster '{cluster}' are there ({string.Join(", ", claims)}), and its data joins this one. "
                    + "Where that is not wanted, remove the cluster with Remove-K2hdkcCluster, which takes them with it, and begin again.");
    }

    private static IEnumerable<string> Pods(string cluster, bool isServer, int count) =>
        Enumerable.Range(0, count).Select(i => KubernetesNames.Pod(cluster, isServer, i));

    private static Dictionary<string, JsonElement> RoleKeys(NodeRole role) =>
        new() { ["chmpx-mode"] = ResourceChange.Value(role == NodeRole.Server ? "SERVER" : "SLAVE") };

    private async Task<string> OwnerAsync(string cluster, CancellationToken cancellationToken) =>
        ClusterRegistry.OwnerOf(await registry.ResourceAsync(cluster, cancellationToken).ConfigureAwait(false)) is ""
            ? ClusterRegistry.Unmarked
            : KubernetesProvider.Mark;

    private async Task<ClusterDesign> DesignAsync(FlowRun run, NewCluster request, string tenant, IReadOnlyList<string> services)
    {
        var address = KubernetesParameters.PodK2hr3Uri(context)
            ?? (services.Contains(K2hr3SystemNames.Service(K2hr3SystemNames.Api))
                ? K2hr3SystemNames.Inside(K2hr3SystemNames.Api, api.Namespace)
                : context.K2hr3Uri?.ToString())
            ?? throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.K2hr3NotConfigured,
                "Pods need K2HR3's address, and the session knows none.", "Connect with -K2hr3Uri or -PodK2hr3Uri.");
        var storage = KubernetesParameters.IsInMemory(request.Nodes) ? null
            : KubernetesParameters.StorageClass(request.Nodes) ?? await api.GetDefaultStorageClassAsync(run.Token).ConfigureAwait(false);
        if (storage is null && !KubernetesParameters.IsInMemory(request.Nodes))
            run.Options.Observer.Warning(
                "No default storage class was found, so the servers keep their data in memory, and lose it with their pods. -StorageClass "
                    + "names one; -InMemory says that this is meant.");
        return KubernetesParameters.Design(new ClusterDesign
        {
            Cluster = request.Name,
            Namespace = api.Namespace,
            Tenant = tenant,
            K2hr3Uri = address,
            Servers = request.ServerCount,
            Slaves = request.SlaveCount,
            ServerPort = request.Ports.Server,
            ServerControlPort = request.Ports.ServerControl,
            SlaveControlPort = request.Ports.SlaveControl,
            VolumeSize = storage is null ? null : KubernetesParameters.VolumeSize(request.Nodes),
        }, request.Nodes);
    }

    private async Task<IReadOnlyDictionary<string, byte[]>> TokensAsync(FlowRun run, string cluster, bool fresh)
    {
        var made = new Dictionary<string, byte[]>();
        foreach (var role in Enum.GetValues<NodeRole>())
        {
            var token = await registry.RoleTokenAsync(run, cluster, role, fresh).ConfigureAwait(false);
            made["role-token-" + ClusterNames.Word(role)] = Encoding.ASCII.GetBytes(token.Value);
        }

        return made;
    }

    // Pods trust K2HR3 by the authority of the K2HR3 system in the namespace, or by the one that this session was given.
    private async Task<byte[]?> K2hr3AuthorityAsync(ClusterDesign design, CancellationToken cancellationToken)
    {
        if (!design.K2hr3Uri.StartsWith("https", StringComparison.OrdinalIgnoreCase)) return null;
        var secret = await api.GetSecretAsync(K2hr3SystemNames.Authority, cancellationToken).ConfigureAwait(false);
        if (secret?.FirstOrDefault(s => s.Key.EndsWith("_CA.crt", StringComparison.Ordinal)).Value is { } held) return held;
        return context.Http.CaFile is { } file && File.Exists(file)
            ? await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false)
            : null;
    }

    private Task ApplyAsync(FlowRun run, KubernetesObject wanted, bool isThere) => isThere
        ? api.ApplyAsync(wanted, run.Token)
        : run.MakeAsync(new FlowItem(KindNames.Of(wanted.Kind), wanted.Name), ct => api.ApplyAsync(wanted, ct),
            ct => api.DeleteAsync(wanted.Kind, wanted.Name, ct));

    private Task SetAsync(FlowRun run, ClusterObjects objects, ClusterDesign design, bool isServer)
    {
        var wanted = objects.StatefulSet(isServer);
        return run.MakeAsync(new FlowItem(KindNames.Of(wanted.Kind), wanted.Name), ct => api.ApplyAsync(wanted, ct), async ct =>
        {
            await api.DeleteAsync(wanted.Kind, wanted.Name, ct).ConfigureAwait(false);
            if (!isServer || design.VolumeSize is null) return;
            foreach (var claim in await api.GetNamesAsync(ObjectKind.PersistentVolumeClaim, ClusterObjects.Selector(design.Cluster),
                ct).ConfigureAwait(false))
                await api.DeleteAsync(ObjectKind.PersistentVolumeClaim, claim, ct).ConfigureAwait(false);
        });
    }

    private async Task BudgetAsync(FlowRun run, ClusterObjects objects)
    {
        try
        {
            await ApplyAsync(run, objects.Budget(), false).ConfigureAwait(false);
        }
        catch (DbaasException e) when (e.Kind is ErrorKind.NotFound or ErrorKind.Forbidden)
        {
            // Kubernetes before 1.21 has no policy/v1; the cluster works without.
            run.Options.Observer.Verbose($"No disruption budget is made: {e.Message}");
        }
    }
}
