using System.Globalization;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core.Backends.NovaServers;
using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Trove;

namespace K2hdkcDbaas.Core.Backends.Trove;

/// <summary>Clusters that Trove runs: in bulk as Trove's clusters, or node by node as instances that share a configuration group.</summary>
internal sealed class TroveBackend : IClusterBackend
{
    /// <summary>The description of a group that goes with its cluster.</summary>
    public const string MadeWithCluster = "Made with its cluster by K2hdkcDbaas.";

    private readonly OpenStackConnection _cloud;
    private readonly TroveSlaves _slaves;
    private readonly ConfigurationGroups _groups;
    private readonly TimeProvider _time;
    private readonly TroveFinder _finder;
    private readonly TroveWaiter _waiter;
    private readonly TroveUndo _undo;
    private readonly TroveRemoval _removal;
    private readonly ReferenceResolver _references;

    public TroveBackend(OpenStackConnection cloud, TroveSlaves slaves, ConfigurationGroups groups, IRingControl rings, TimeProvider time)
    {
        (_cloud, _slaves, _groups, _time) = (cloud, slaves, groups, time);
        _finder = new TroveFinder(cloud);
        _waiter = new TroveWaiter(cloud, time);
        _undo = new TroveUndo(cloud, _waiter, time);
        _removal = new TroveRemoval(cloud, _finder, _waiter, slaves, rings);
        _references = new ReferenceResolver(cloud);
        Features = [new TroveBackups(cloud, this, groups, time), groups, new TroveOperations(cloud, slaves, groups, time),
            new TroveCatalog(cloud)];
    }

    /// <inheritdoc/>
    public string Name => TroveProvider.EngineName;

    /// <inheritdoc/>
    public BackendCapabilities Capabilities => TroveProvider.Can;

    /// <inheritdoc/>
    public IReadOnlyList<object> Features { get; }

    /// <inheritdoc/>
    public Task<Cluster> CreateClusterAsync(NewCluster request, FlowOptions options, CancellationToken cancellationToken)
    {
        CheckNew(request);
        return FlowRun.RunAsync($"Creating Trove cluster {request.Name}", options, _time, run => CreateAsync(run, request),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task CheckClusterAsync(NewCluster request, CancellationToken cancellationToken)
    {
        CheckNew(request);
        var existing = _finder.ListAsync(new NamePattern(request.Name), cancellationToken);
        var member = MemberAsync(request.Nodes!, null, cancellationToken);
        await Together.AllAsync(existing, member).ConfigureAwait(false);
        if ((await existing.ConfigureAwait(false)).Any(c => c.Name == request.Name)) throw Exists(request.Name);
        await NeedQuotaAsync(request.ServerCount, (await member.ConfigureAwait(false)).VolumeSize, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task CheckNodesAsync(NewNodes request, CancellationToken cancellationToken)
    {
        var found = await _finder.OneAsync(request.Cluster, cancellationToken).ConfigureAwait(false);
        if (request.Role == NodeRole.Slave)
        {
            NovaNodes.Check(request);
            return;
        }
        var member = await MemberAsync(request.Template, found.Instances.Count > 0 ? found.Instances[0] : null,
            cancellationToken).ConfigureAwait(false);
        await NeedQuotaAsync(request.Names.Count > 0 ? request.Names.Count : request.Count, member.VolumeSize,
            cancellationToken).ConfigureAwait(false);
    }

    private static void CheckNew(NewCluster request)
    {
        ClusterNames.CheckNew(request.Name);
        if (request.ServerCount < 1 || request.Nodes?.Flavor is null)
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest,
                "A Trove cluster needs one server node at least, and a flavor for its nodes.", "Give -ServerCount and -Flavor.");
        if (request is { NodeByNode: true, Locality: not null })
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest,
                "Trove places only the members of its own clusters together or apart.", "Leave out -Locality or -NodeByNode.");
        if (request.SlaveCount > 0) NovaNodes.Check(Slaves(request));
    }

    private static DbaasException Exists(string name) =>
        new(ErrorKind.AlreadyExists, ErrorIds.ClusterExists, $"Trove cluster '{name}' exists already; nothing was changed.",
            "Choose another name, add nodes with Add-K2hdkcNode, or remove it with Remove-K2hdkcCluster.")
        { Target = name };

    /// <inheritdoc/>
    public async IAsyncEnumerable<Cluster> GetClustersAsync(string pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var project = (await _cloud.AuthenticateAsync(cancellationToken).ConfigureAwait(false)).ProjectName;
        var found = await _finder.ListAsync(new NamePattern(pattern), cancellationToken).ConfigureAwait(false);
        foreach (var cluster in await Together.ForEachAsync(found,
            c => _slaves.CountedAsync(c, c.Describe(project), cancellationToken)).ConfigureAwait(false))
            yield return cluster;
    }

    /// <inheritdoc/>
    public async Task<Cluster> GetClusterAsync(string cluster, CancellationToken cancellationToken)
    {
        var project = (await _cloud.AuthenticateAsync(cancellationToken).ConfigureAwait(false)).ProjectName;
        var found = await _finder.OneAsync(cluster, cancellationToken).ConfigureAwait(false);
        return await _slaves.CountedAsync(found, found.Describe(project), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<FlowItem>> RemoveClusterAsync(string cluster, FlowOptions options, CancellationToken cancellationToken) =>
        _removal.ClusterAsync(cluster, options, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ClusterNode>> AddNodesAsync(NewNodes request, FlowOptions options, CancellationToken cancellationToken)
    {
        // Trove runs no slaves: they are Nova servers that K2HR3 configures, as users make them by hand.
        if (request.Role == NodeRole.Slave)
            return await _slaves.AddAsync(await _finder.OneAsync(request.Cluster, cancellationToken).ConfigureAwait(false), request,
                options, cancellationToken).ConfigureAwait(false);
        foreach (var name in request.Names) ClusterNames.CheckNewNode(name);
        var added = await FlowRun.RunAsync($"Adding nodes to Trove cluster {request.Cluster}", options, _time,
            run => AddAsync(run, request), cancellationToken).ConfigureAwait(false);
        await TellSlavesAsync(request.Cluster, options, cancellationToken).ConfigureAwait(false);
        return added;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ClusterNode> GetNodesAsync(string cluster, NodeRole? role, string? pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = new NamePattern(pattern);
        var found = await _finder.OneAsync(cluster, cancellationToken).ConfigureAwait(false);
        if (role is null or NodeRole.Server)
        {
            foreach (var node in found.Describe(null).Nodes)
            {
                if (wanted.Fits(node.Name) || wanted.Fits(node.Id) || wanted.Fits(node.IPAddress)) yield return node;
            }
        }
        if (role is null or NodeRole.Slave)
        {
            foreach (var node in await _slaves.FindAsync(found, pattern, cancellationToken).ConfigureAwait(false)) yield return node;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<FlowItem>> RemoveNodeAsync(string cluster, NodeRole? role, string node, FlowOptions options,
        CancellationToken cancellationToken) =>
        RemoveNodesAsync(cluster, role, [node], options, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FlowItem>> RemoveNodesAsync(string cluster, NodeRole? role, IReadOnlyList<string> nodes,
        FlowOptions options, CancellationToken cancellationToken)
    {
        var found = await _finder.OneAsync(cluster, cancellationToken).ConfigureAwait(false);
        if (role != NodeRole.Slave) return await _removal.NodesAsync(found, nodes, options, cancellationToken).ConfigureAwait(false);
        var removed = new List<FlowItem>();
        foreach (var node in nodes)
            removed.AddRange(await _slaves.RemoveAsync(found, node, options, cancellationToken).ConfigureAwait(false));
        return removed;
    }

    /// <inheritdoc/>
    public async Task<ClusterConfiguration> GetConfigurationAsync(string cluster, NodeRole? role, bool expanded,
        CancellationToken cancellationToken)
    {
        if (role is null && expanded)
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest, "The expanded configuration is that of a role.",
                "Choose -Role Slave.");
        if (role == NodeRole.Server)
            throw new DbaasException(ErrorKind.NotSupported, ErrorIds.BackendNotSupported,
                "Trove shows the configuration group of its servers, not the INI that they make of it.",
                "Leave -Role out, or choose -Role Slave.");
        var found = await _finder.OneAsync(cluster, cancellationToken).ConfigureAwait(false);
        if (role is { } slave) return await _slaves.ConfigurationAsync(found, slave, expanded, cancellationToken).ConfigureAwait(false);
        var values = found.Group?.Values ?? new Dictionary<string, object?>();
        return new ClusterConfiguration { Cluster = found.Name, Text = ConfigurationYaml.Write(values), Keys = values };
    }

    /// <inheritdoc/>
    public async Task<string> GetSlaveRoleAsync(string cluster, FlowOptions options, CancellationToken cancellationToken) =>
        await _slaves.RoleAsync(await _finder.OneAsync(cluster, cancellationToken).ConfigureAwait(false), options,
            cancellationToken).ConfigureAwait(false);

    private async Task<Cluster> CreateAsync(FlowRun run, NewCluster request)
    {
        run.Report("looking at what is there", 0);
        var existing = _finder.ListAsync(new NamePattern(request.Name), run.Token);
        var member = MemberAsync(request.Nodes!, null, run.Token);
        var given = request.ConfigurationGroup is { } reference
            ? _groups.FindAsync(reference.Text, run.Token)
            : Task.FromResult<ConfigurationGroup?>(null)!;
        await Together.AllAsync(existing, member, given).ConfigureAwait(false);
        if ((await existing.ConfigureAwait(false)).Any(c => c.Name == request.Name)) throw Exists(request.Name);
        if (await given.ConfigureAwait(false) is { } chosen) CheckGroup(request.Name, chosen);

        var group = await given.ConfigureAwait(false) ?? await MakeGroupAsync(run, request).ConfigureAwait(false);
        // The members' addresses, which slaves are told, come only when the members run.
        var wait = run.Options.Wait || request.SlaveCount > 0;
        var cluster = request.NodeByNode
            ? await CreateSinglesAsync(run, request, group, await member.ConfigureAwait(false), wait).ConfigureAwait(false)
            : await CreateBulkAsync(run, request, group, await member.ConfigureAwait(false), wait).ConfigureAwait(false);
        var described = cluster.Describe((await _cloud.AuthenticateAsync(run.Token).ConfigureAwait(false)).ProjectName);
        return request.SlaveCount == 0 ? described : cluster.Judged(described with
        {
            Nodes = [.. described.Nodes, .. await _slaves.AddAsync(run, cluster, Slaves(request)).ConfigureAwait(false)],
        });
    }

    private async Task<TroveCluster> CreateBulkAsync(FlowRun run, NewCluster request, ConfigurationGroup group, NewClusterMember member,
        bool wait)
    {
        var order = new NewDatabaseCluster
        {
            Name = request.Name,
            Datastore = new DatastoreReference(
                ConfigurationGroups.Datastore)
            { Version = request.DatastoreVersion ?? group.DatastoreVersion },
            Members = [.. Enumerable.Repeat(member, request.ServerCount)],
            ConfigurationId = group.Id,
            Locality = request.Locality,
        };
        var cluster = await run.MakeAsync(new FlowItem("cluster", request.Name), ct => _cloud.Database.Clusters.CreateAsync(order, ct),
            c => new FlowItem("cluster", c.Name, c.Id),
            (c, ct) => _undo.ClusterAsync(c?.Id, request.Name, ct)).ConfigureAwait(false);
        run.Report($"{request.ServerCount} nodes requested", 10);
        if (wait)
            await AwaitAsync(run,
                ct => _waiter.IdleAsync(cluster.Id, new HashSet<string>(), run.Options, s => run.Report(s), ct)).ConfigureAwait(false);
        return await _finder.OneAsync(cluster.Id, run.Token).ConfigureAwait(false);
    }

    private async Task<TroveCluster> CreateSinglesAsync(FlowRun run, NewCluster request, ConfigurationGroup group, NewClusterMember member,
        bool wait)
    {
        var names = Enumerable.Range(1, request.ServerCount).Select(n => ClusterNames.Node(request.Name, NodeRole.Server, n)).ToList();
        var made = await Together.ForEachAsync(names,
            name => InstanceAsync(run, group.Id, name, member, null, request.DatastoreVersion ?? group.DatastoreVersion)).ConfigureAwait(
                false);
        return new TroveCluster(request.Name, null, group, await ReadyAsync(run, made, wait).ConfigureAwait(false));
    }

    // The group makes the ring: nodes of two clusters with one group would be one ring.
    private static void CheckGroup(string cluster, ConfigurationGroup group)
    {
        var names = group.Values.GetValueOrDefault(ConfigurationGroups.NameKey) as string;
        if (names != cluster)
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidConfigurationValue,
                $"The nodes that have the configuration group '{group.Name}' form the cluster '{names}', not '{cluster}'; nothing was "
                    + $"changed.",
                $"Choose a group whose {ConfigurationGroups.NameKey} is '{cluster}', or name the cluster '{names}'.")
            { Target = group.Name };
        if (group.InstanceCount > 0)
            throw new DbaasException(ErrorKind.Conflict, ErrorIds.ConfigurationGroupInUse,
                $"{group.InstanceCount} nodes have the configuration group '{group.Name}' already, and the new ones would be in one ring "
                    + $"with them; nothing was changed.",
                "Choose another group, or add nodes to their cluster with Add-K2hdkcNode.")
            { Target = group.Name };
    }

    private static NewNodes Slaves(NewCluster request) =>
        new(request.Name, NodeRole.Slave, request.Slaves ?? request.Nodes!) { Count = request.SlaveCount };

    /// <summary>Makes a group from a cluster's name and ports, and other settings if there are any.</summary>
    internal Task<ConfigurationGroup> MakeGroupAsync(FlowRun run, NewCluster request, IReadOnlyDictionary<string, object?>? others = null)
    {
        var values = new Dictionary<string, object?>(others ?? new Dictionary<string, object?>())
        {
            [ConfigurationGroups.NameKey] = request.Name,
            ["chmpx-server-port"] = (long)request.Ports.Server,
            ["chmpx-server-ctlport"] = (long)request.Ports.ServerControl,
            ["chmpx-slave-ctlport"] = (long)request.Ports.SlaveControl,
        };
        return run.MakeAsync(new FlowItem("configuration group", request.Name),
            ct => _groups.CreateAsync(request.Name, values, request.DatastoreVersion, MadeWithCluster, ct),
            g => new FlowItem("configuration group", g.Name, g.Id), (g, ct) => _undo.GroupAsync(g?.Id, request.Name, MadeWithCluster, ct));
    }

    private async Task<IReadOnlyList<ClusterNode>> AddAsync(FlowRun run, NewNodes request)
    {
        var found = await _finder.OneAsync(request.Cluster, run.Token).ConfigureAwait(false);
        var names = request.Names.Count > 0 ? request.Names : NewNames(found, request.Count);
        var taken = found.Instances.Select(i => i.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (names.FirstOrDefault(n => !taken.Add(n)) is { } twice)
            throw new DbaasException(ErrorKind.AlreadyExists, ErrorIds.NodeExists,
                $"Cluster '{found.Name}' has a node '{twice}' already, or it was named twice; nothing was changed.",
                "Choose another name.")
            { Target = twice };
        var member = await MemberAsync(request.Template, found.Instances.Count > 0 ? found.Instances[0] : null,
            run.Token).ConfigureAwait(false);
        if (found.Bulk is not { } bulk)
        {
            var made = await Together.ForEachAsync(names,
                name => InstanceAsync(run, found.GroupId!, name, member, null, found.Group?.DatastoreVersion)).ConfigureAwait(false);
            return await SettleAsync(run, found.Name, made).ConfigureAwait(false);
        }

        await NeedQuotaAsync(names.Count, member.VolumeSize, run.Token).ConfigureAwait(false);
        var before = found.Instances.Select(i => i.Id).ToHashSet();
        await run.MakeAsync(new FlowItem("growth", $"of cluster {found.Name} by {string.Join(", ", names)}", bulk.Id),
            ct => (Task)_cloud.Database.Clusters.GrowAsync(bulk.Id, [.. names.Select(n => member with { Name = n })], ct),
            ct => _undo.GrowthAsync(bulk.Id, before, ct)).ConfigureAwait(false);
        run.Report($"{names.Count} nodes requested", 10);
        if (run.Options.Wait)
            await AwaitAsync(run, ct => _waiter.IdleAsync(bulk.Id, before, run.Options, s => run.Report(s), ct)).ConfigureAwait(false);
        var now = await _finder.OneAsync(bulk.Id, run.Token).ConfigureAwait(false);
        return [.. now.Instances.Where(i => !before.Contains(i.Id)).Select(i => TroveCluster.Node(found.Name, i))];
    }

    // Trove's own numbers are counts: after a node has left, the next one would have the name of one that is there.
    private static List<string> NewNames(TroveCluster cluster, int count)
    {
        var stem = cluster.Bulk is null ? $"{cluster.Name}-{ClusterNames.Word(NodeRole.Server)}-" : $"{cluster.Name}-member-";
        var highest = cluster.Instances.Where(i => i.Name.StartsWith(stem, StringComparison.OrdinalIgnoreCase))
            .Max(i => int.TryParse(i.Name.AsSpan(i.Name.LastIndexOf('-') + 1), NumberStyles.None, CultureInfo.InvariantCulture,
                out var number) ? number : (int?)0) ?? 0;
        return [.. Enumerable.Range(highest + 1, count).Select(n => string.Create(CultureInfo.InvariantCulture, $"{stem}{n}"))];
    }

    // Trove marks a cluster as growing before it looks at the quota, and with a full one leaves it so until an administrator comes.
    private async Task NeedQuotaAsync(int nodes, int volumeSize, CancellationToken cancellationToken)
    {
        var project = (await _cloud.AuthenticateAsync(cancellationToken).ConfigureAwait(false)).ProjectId ?? "";
        IReadOnlyList<DatabaseQuota> quotas;
        try
        {
            quotas = await _cloud.Database.Limits.GetQuotasAsync(project, cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException e) when (e.Kind is ErrorKind.Forbidden or ErrorKind.NotFound or ErrorKind.NotSupported)
        {
            // Some clouds show quotas to administrators only.
            return;
        }
        foreach (var quota in quotas)
        {
            var wanted = quota.Resource switch { "instances" => nodes, "volumes" => nodes * volumeSize, _ => 0 };
            if (wanted == 0 || quota.Limit < 0 || quota.InUse + quota.Reserved + wanted <= quota.Limit) continue;
            throw new DbaasException(ErrorKind.QuotaExceeded, ServiceErrorIds.QuotaExceeded,
                $"Trove's quota of {quota.Resource} is {quota.Limit}, of which {quota.InUse + quota.Reserved} are in use; {wanted} more "
                    + $"were asked for, and nothing was changed.",
                "Remove what is not needed any more, ask for less, or have the project's quota raised.")
            { Service = "trove", Target = quota.Resource };
        }
    }

    /// <summary>Asks for an instance that is a node by its configuration group.</summary>
    internal Task<DatabaseInstance> InstanceAsync(FlowRun run, string groupId, string name, NewClusterMember member, string? backupId,
        string? version = null)
    {
        var order = new NewDatabaseInstance
        {
            Name = name,
            FlavorId = member.FlavorId,
            VolumeSize = member.VolumeSize,
            Nics = member.Nics,
            AvailabilityZone = member.AvailabilityZone,
            ConfigurationId = groupId,
            BackupId = backupId,
            Datastore = new DatastoreReference(ConfigurationGroups.Datastore) { Version = version },
        };
        return run.MakeAsync(new FlowItem("instance", name), ct => _cloud.Database.Instances.CreateAsync(order, ct),
            i => new FlowItem("instance", name, i.Id), (i, ct) => _undo.InstanceAsync(i?.Id, groupId, name, ct));
    }

    /// <summary>Waits for instances if asked, and describes them.</summary>
    internal async Task<IReadOnlyList<ClusterNode>> SettleAsync(FlowRun run, string cluster, IReadOnlyList<DatabaseInstance> made) =>
        [.. (await ReadyAsync(run, made, run.Options.Wait).ConfigureAwait(false)).Select(i => TroveCluster.Node(cluster, i))];

    private async Task<IReadOnlyList<DatabaseInstance>> ReadyAsync(FlowRun run, IReadOnlyList<DatabaseInstance> made, bool wait)
    {
        var now = made;
        if (wait)
            await AwaitAsync(run,
                async ct => now =
                    await _waiter.ReadyAsync([.. made.Select(i => i.Id)], run.Options, s => run.Report(s),
                        ct).ConfigureAwait(false)).ConfigureAwait(false);
        return now;
    }

    /// <summary>What every node of a cluster is like; what is not given is as with a node there is.</summary>
    internal async Task<NewClusterMember> MemberAsync(NodeTemplate template, DatabaseInstance? like, CancellationToken cancellationToken)
    {
        if (template.Flavor is null && like?.FlavorId is null)
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest, "A node needs a flavor, and none was given.",
                "Give -Flavor; Get-K2hdkcFlavor lists the flavors.");
        var flavor = template.Flavor is { } wanted ? _references.FlavorAsync(wanted, cancellationToken) : Task.FromResult(like!.FlavorId!);
        var theirs = (like?.Addresses ?? []).Select(a => a.Network).OfType<string>().Distinct().Select(n => new Reference(n));
        var networks = _references.NetworksAsync(template.Networks.Count > 0 ? template.Networks : [.. theirs], cancellationToken);
        await Together.AllAsync(flavor, networks).ConfigureAwait(false);
        return new NewClusterMember
        {
            FlavorId = await flavor.ConfigureAwait(false),
            VolumeSize = template.VolumeSize ?? (like?.Volume is { Size: >= 1 } volume ? (int)volume.Size : 1),
            Nics = [.. (await networks.ConfigureAwait(false)).Select(n => new DatabaseNic { NetworkId = n.NetworkId! })],
            AvailabilityZone = template.AvailabilityZone,
        };
    }

    private async Task TellSlavesAsync(string cluster, FlowOptions options, CancellationToken cancellationToken) =>
        await _slaves.FollowAsync(await _finder.OneAsync(cluster, cancellationToken).ConfigureAwait(false), options,
            cancellationToken).ConfigureAwait(false);

    /// <summary>The cluster, for backups.</summary>
    internal Task<TroveCluster> FindAsync(string cluster, CancellationToken cancellationToken) =>
        _finder.OneAsync(cluster, cancellationToken);

    // A node that failed is rolled back; one that is only slow is left.
    private static async Task AwaitAsync(FlowRun run, Func<CancellationToken, Task> wait)
    {
        try
        {
            await wait(run.Token).ConfigureAwait(false);
        }
        catch (DbaasException e) when (e.ErrorId != ErrorIds.NodeFailed && !run.Token.IsCancellationRequested)
        {
            throw FlowRun.Keeping(e);
        }
    }
}
