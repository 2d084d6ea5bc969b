using System.Runtime.CompilerServices;
using K2hdkcDbaas.Faults;
using K2hdkcDbaas.OpenStack;

namespace K2hdkcDbaas.Core;

/// <summary>Clusters that Trove runs: in bulk as Trove's clusters, or node by node as instances that share a configuration group.</summary>
internal sealed class TroveBackend(OpenStackConnection cloud, TroveSlaves slaves, ConfigurationGroups groups, TimeProvider time) : IClusterBackend
{
    private const string MadeWithCluster = "Made with its cluster by K2hdkcDbaas.";

    private readonly TroveFinder _finder = new(cloud);
    private readonly TroveWaiter _waiter = new(cloud, time);
    private readonly ReferenceResolver _references = new(cloud);
    private TroveBackups? _backups;

    /// <inheritdoc/>
    public BackendKind Kind => BackendKind.Trove;

    /// <inheritdoc/>
    public IBackupBackend Backups => _backups ??= new TroveBackups(cloud, this, groups, time);

    /// <inheritdoc/>
    public Task<Cluster> CreateClusterAsync(NewCluster request, FlowOptions options, CancellationToken cancellationToken)
    {
        ClusterNames.CheckNew(request.Name);
        if (request.ServerCount < 1 || request.Nodes?.Flavor is null)
            throw new DbaasException(FaultKind.InvalidInput, ErrorIds.InvalidRequest, "A Trove cluster needs one server node at least, and a flavor for its nodes.", "Give -ServerCount and -Flavor.");
        if (request.SlaveCount > 0)
            throw new DbaasException(FaultKind.NotSupported, ErrorIds.BackendNotSupported, "Trove runs server nodes only.", "Start slaves afterwards with Start-K2hdkcSlave; they boot in Nova.");
        return FlowRun.RunAsync($"Creating Trove cluster {request.Name}", options, time, run => CreateAsync(run, request), cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Cluster> GetClustersAsync(string pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var project = (await cloud.AuthenticateAsync(cancellationToken).ConfigureAwait(false)).ProjectName;
        foreach (var cluster in await _finder.ListAsync(new NamePattern(pattern), cancellationToken).ConfigureAwait(false)) yield return cluster.Describe(project);
    }

    /// <inheritdoc/>
    public async Task<Cluster> GetClusterAsync(string cluster, CancellationToken cancellationToken)
    {
        var project = (await cloud.AuthenticateAsync(cancellationToken).ConfigureAwait(false)).ProjectName;
        return (await _finder.OneAsync(cluster, cancellationToken).ConfigureAwait(false)).Describe(project);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FlowItem>> RemoveClusterAsync(string cluster, FlowOptions options, CancellationToken cancellationToken)
    {
        var found = await _finder.OneAsync(cluster, cancellationToken).ConfigureAwait(false);
        var removed = new List<FlowItem>(await slaves.RemoveAllAsync(found, options, cancellationToken).ConfigureAwait(false));
        if (found.Bulk is { } bulk)
        {
            await cloud.Database.Clusters.DeleteAsync(bulk.Id, cancellationToken).ConfigureAwait(false);
            removed.Add(new FlowItem("cluster", bulk.Name, bulk.Id));
        }
        else
        {
            await Together.ForEachAsync(found.Instances, i => (Task)cloud.Database.Instances.DeleteAsync(i.Id, cancellationToken)).ConfigureAwait(false);
            removed.AddRange(found.Instances.Select(i => new FlowItem("instance", i.Name, i.Id)));
        }
        // A group that was made with the cluster goes with it; for that its instances must be gone.
        var own = found.Group is { Description: MadeWithCluster } group ? group : null;
        if (options.Wait || own is not null)
        {
            if (found.Bulk is { } gone) await _waiter.GoneAsync($"cluster {gone.Name}", ct => cloud.Database.Clusters.GetAsync(gone.Id, ct), options, cancellationToken).ConfigureAwait(false);
            else foreach (var i in found.Instances) await _waiter.GoneAsync($"instance {i.Name}", ct => cloud.Database.Instances.GetAsync(i.Id, ct), options, cancellationToken).ConfigureAwait(false);
        }
        if (own is not null)
        {
            await cloud.Database.Configurations.DeleteAsync(own.Id, cancellationToken).ConfigureAwait(false);
            removed.Add(new FlowItem("configuration group", own.Name, own.Id));
        }
        return removed;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ClusterNode>> AddNodesAsync(NewNodes request, FlowOptions options, CancellationToken cancellationToken)
    {
        // Trove runs no slaves: they are Nova servers that K2HR3 configures, as users make them by hand.
        if (request.Role == NodeRole.Slave)
            return await slaves.AddAsync(await _finder.OneAsync(request.Cluster, cancellationToken).ConfigureAwait(false), request, options, cancellationToken).ConfigureAwait(false);
        foreach (var name in request.Names) ClusterNames.CheckNewNode(name);
        var added = await FlowRun.RunAsync($"Adding nodes to Trove cluster {request.Cluster}", options, time, run => AddAsync(run, request), cancellationToken).ConfigureAwait(false);
        await TellSlavesAsync(request.Cluster, options, cancellationToken).ConfigureAwait(false);
        return added;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ClusterNode> GetNodesAsync(string cluster, NodeRole? role, string? pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = new NamePattern(pattern);
        var found = await _finder.OneAsync(cluster, cancellationToken).ConfigureAwait(false);
        if (role is null or NodeRole.Server)
        {
            foreach (var node in found.Describe(null).Nodes)
            {
                if (wanted.Fits(node.Name) || wanted.Fits(node.Id) || wanted.Fits(node.Address)) yield return node;
            }
        }
        if (role is null or NodeRole.Slave)
        {
            foreach (var node in await slaves.FindAsync(found, pattern, cancellationToken).ConfigureAwait(false)) yield return node;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FlowItem>> RemoveNodeAsync(string cluster, NodeRole? role, string node, FlowOptions options, CancellationToken cancellationToken)
    {
        var found = await _finder.OneAsync(cluster, cancellationToken).ConfigureAwait(false);
        if (role == NodeRole.Slave) return await slaves.RemoveAsync(found, node, options, cancellationToken).ConfigureAwait(false);
        var member = found.Member(node);
        if (found.Instances.Count == 1 && !options.Force)
            throw new DbaasException(FaultKind.Conflict, ErrorIds.DataAtRisk, $"'{member.Name}' is the last node of cluster '{found.Name}', and all data would be lost with it.",
                "Remove the cluster with Remove-K2hdkcCluster, or use -Force.")
            { Target = member.Name };
        if (found.Bulk is { } bulk)
        {
            await cloud.Database.Clusters.ShrinkAsync(bulk.Id, [member.Id], cancellationToken).ConfigureAwait(false);
            if (options.Wait) await _waiter.IdleAsync(bulk.Id, options, s => Report(options, $"Removing node {member.Name}", s), cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await cloud.Database.Instances.DeleteAsync(member.Id, cancellationToken).ConfigureAwait(false);
            if (options.Wait) await _waiter.GoneAsync($"instance {member.Name}", ct => cloud.Database.Instances.GetAsync(member.Id, ct), options, cancellationToken).ConfigureAwait(false);
        }
        await slaves.FollowAsync(found.Without(member.Id), options, cancellationToken).ConfigureAwait(false);
        return [new FlowItem("instance", member.Name, member.Id)];
    }

    /// <inheritdoc/>
    public async Task<ClusterConfiguration> GetConfigurationAsync(string cluster, NodeRole? role, bool expanded, CancellationToken cancellationToken)
    {
        if (role is null && expanded)
            throw new DbaasException(FaultKind.InvalidInput, ErrorIds.InvalidRequest, "The expanded configuration is that of a role.", "Choose -Role Slave.");
        if (role == NodeRole.Server)
            throw new DbaasException(FaultKind.NotSupported, ErrorIds.BackendNotSupported, "Trove shows the configuration group of its servers, not the INI that they make of it.", "Leave -Role out, or choose -Role Slave.");
        var found = await _finder.OneAsync(cluster, cancellationToken).ConfigureAwait(false);
        if (role is { } slave) return await slaves.ConfigurationAsync(found, slave, expanded, cancellationToken).ConfigureAwait(false);
        var values = found.Group?.Values ?? new Dictionary<string, object?>();
        return new ClusterConfiguration { Cluster = found.Name, Text = ConfigurationYaml.Write(values), Keys = values };
    }

    /// <inheritdoc/>
    public async Task<string> GetSlaveRoleAsync(string cluster, FlowOptions options, CancellationToken cancellationToken) =>
        await slaves.RoleAsync(await _finder.OneAsync(cluster, cancellationToken).ConfigureAwait(false), options, cancellationToken).ConfigureAwait(false);

    private async Task<Cluster> CreateAsync(FlowRun run, NewCluster request)
    {
        run.Report("looking at what is there", 0);
        var existing = _finder.ListAsync(new NamePattern(request.Name), run.Token);
        var member = MemberAsync(request.Nodes!, null, run.Token);
        var given = request.ConfigurationGroup is { } reference ? groups.FindAsync(reference.Text, run.Token) : Task.FromResult<ConfigurationGroup?>(null)!;
        await Together.AllAsync(existing, member, given).ConfigureAwait(false);
        if ((await existing.ConfigureAwait(false)).Any(c => c.Name == request.Name))
            throw new DbaasException(FaultKind.AlreadyExists, ErrorIds.ClusterExists, $"Trove cluster '{request.Name}' exists already; nothing was changed.",
                "Choose another name, add nodes with Add-K2hdkcNode, or remove it with Remove-K2hdkcCluster.")
            { Target = request.Name };

        var group = await given.ConfigureAwait(false) ?? await MakeGroupAsync(run, request).ConfigureAwait(false);
        if (request.NodeByNode) return await CreateSinglesAsync(run, request, group, await member.ConfigureAwait(false)).ConfigureAwait(false);
        var order = new NewDatabaseCluster
        {
            Name = request.Name,
            Datastore = new DatastoreReference(ConfigurationGroups.Datastore) { Version = request.DatastoreVersion ?? group.DatastoreVersion },
            Members = [.. Enumerable.Repeat(await member.ConfigureAwait(false), request.ServerCount)],
            ConfigurationId = group.Id,
            Locality = request.Locality,
        };
        var cluster = await run.MakeAsync(new FlowItem("cluster", request.Name), ct => cloud.Database.Clusters.CreateAsync(order, ct), c => new FlowItem("cluster", c.Name, c.Id),
            (c, ct) => UndoClusterAsync(c?.Id, request.Name, ct)).ConfigureAwait(false);
        run.Report($"{request.ServerCount} nodes requested", 10);
        if (run.Options.Wait) await AwaitAsync(run, ct => _waiter.IdleAsync(cluster.Id, run.Options, s => run.Report(s), ct)).ConfigureAwait(false);
        return await GetClusterAsync(cluster.Id, run.Token).ConfigureAwait(false);
    }

    private async Task<Cluster> CreateSinglesAsync(FlowRun run, NewCluster request, ConfigurationGroup group, NewClusterMember member)
    {
        var names = Enumerable.Range(1, request.ServerCount).Select(n => ClusterNames.Node(request.Name, NodeRole.Server, n)).ToList();
        var made = await Together.ForEachAsync(names, name => InstanceAsync(run, group.Id, name, member, null)).ConfigureAwait(false);
        var nodes = await SettleAsync(run, request.Name, made).ConfigureAwait(false);
        return new TroveCluster(request.Name, null, group, made).Describe((await cloud.AuthenticateAsync(run.Token).ConfigureAwait(false)).ProjectName) with { Nodes = nodes };
    }

    /// <summary>Makes a group from a cluster's name and ports.</summary>
    internal Task<ConfigurationGroup> MakeGroupAsync(FlowRun run, NewCluster request)
    {
        var values = new Dictionary<string, object?>
        {
            [ConfigurationGroups.NameKey] = request.Name,
            ["chmpx-server-port"] = (long)request.Ports.Server,
            ["chmpx-server-ctlport"] = (long)request.Ports.ServerControl,
            ["chmpx-slave-ctlport"] = (long)request.Ports.SlaveControl,
        };
        return run.MakeAsync(new FlowItem("configuration group", request.Name), ct => groups.CreateAsync(request.Name, values, request.DatastoreVersion, MadeWithCluster, ct),
            g => new FlowItem("configuration group", g.Name, g.Id), async (g, ct) =>
            {
                if (g is not null) await cloud.Database.Configurations.DeleteAsync(g.Id, ct).ConfigureAwait(false);
            });
    }

    private async Task<IReadOnlyList<ClusterNode>> AddAsync(FlowRun run, NewNodes request)
    {
        var found = await _finder.OneAsync(request.Cluster, run.Token).ConfigureAwait(false);
        var names = request.Names.Count > 0 ? request.Names.Select(n => (string?)n).ToList() : [.. Enumerable.Repeat<string?>(null, request.Count)];
        if (names.FirstOrDefault(n => n is not null && found.Instances.Any(i => i.Name == n)) is { } twice)
            throw new DbaasException(FaultKind.AlreadyExists, ErrorIds.NodeExists, $"Cluster '{found.Name}' has a node '{twice}' already; nothing was changed.", "Choose another name.") { Target = twice };
        var member = await MemberAsync(request.Template, found.Instances.Count > 0 ? found.Instances[0] : null, run.Token).ConfigureAwait(false);
        var before = found.Instances.Select(i => i.Id).ToHashSet();
        if (found.Bulk is not { } bulk) return await AddSinglesAsync(run, found, member, names).ConfigureAwait(false);

        // One request for all; Trove itself takes a failed growth back.
        await run.MakeAsync(new FlowItem("growth", $"of cluster {found.Name}", bulk.Id), ct => (Task)cloud.Database.Clusters.GrowAsync(bulk.Id, [.. names.Select(n => member with { Name = n })], ct), _ => Task.CompletedTask).ConfigureAwait(false);
        run.Report($"{names.Count} nodes requested", 10);
        if (run.Options.Wait) await AwaitAsync(run, ct => _waiter.IdleAsync(bulk.Id, run.Options, s => run.Report(s), ct)).ConfigureAwait(false);
        var now = await _finder.OneAsync(bulk.Id, run.Token).ConfigureAwait(false);
        return [.. now.Instances.Where(i => !before.Contains(i.Id)).Select(i => TroveCluster.Node(found.Name, i))];
    }

    private async Task<IReadOnlyList<ClusterNode>> AddSinglesAsync(FlowRun run, TroveCluster found, NewClusterMember member, List<string?> names)
    {
        var next = found.Instances.Count + 1;
        var orders = names.Select(n => n ?? ClusterNames.Node(found.Name, NodeRole.Server, next++)).ToList();
        var made = await Together.ForEachAsync(orders, name => InstanceAsync(run, found.GroupId!, name, member, null)).ConfigureAwait(false);
        return await SettleAsync(run, found.Name, made).ConfigureAwait(false);
    }

    /// <summary>Asks for an instance that is a node by its configuration group.</summary>
    internal Task<DatabaseInstance> InstanceAsync(FlowRun run, string groupId, string name, NewClusterMember member, string? backupId)
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
            Datastore = new DatastoreReference(ConfigurationGroups.Datastore),
        };
        return run.MakeAsync(new FlowItem("instance", name), ct => cloud.Database.Instances.CreateAsync(order, ct), i => new FlowItem("instance", name, i.Id), async (i, ct) =>
        {
            if (i is not null) await cloud.Database.Instances.DeleteAsync(i.Id, ct).ConfigureAwait(false);
        });
    }

    /// <summary>Waits for instances if asked, and describes them.</summary>
    internal async Task<IReadOnlyList<ClusterNode>> SettleAsync(FlowRun run, string cluster, IReadOnlyList<DatabaseInstance> made)
    {
        var nodes = new List<ClusterNode>();
        foreach (var instance in made)
        {
            var now = instance;
            if (run.Options.Wait) await AwaitAsync(run, async ct => now = await _waiter.ReadyAsync(instance.Id, run.Options, s => run.Report(s), ct).ConfigureAwait(false)).ConfigureAwait(false);
            nodes.Add(TroveCluster.Node(cluster, now));
        }
        return nodes;
    }

    /// <summary>What every node of a cluster is like; without a flavor or size that of a node there is.</summary>
    internal async Task<NewClusterMember> MemberAsync(NodeTemplate template, DatabaseInstance? like, CancellationToken cancellationToken)
    {
        if (template.Flavor is null && like?.FlavorId is null)
            throw new DbaasException(FaultKind.InvalidInput, ErrorIds.InvalidRequest, "A node needs a flavor, and none was given.", "Give -Flavor; Get-K2hdkcFlavor lists the flavors.");
        var flavor = template.Flavor is { } wanted ? _references.FlavorAsync(wanted, cancellationToken) : Task.FromResult(like!.FlavorId!);
        var networks = _references.NetworksAsync(template.Networks, cancellationToken);
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
        await slaves.FollowAsync(await _finder.OneAsync(cluster, cancellationToken).ConfigureAwait(false), options, cancellationToken).ConfigureAwait(false);

    /// <summary>The cluster, for backups.</summary>
    internal Task<TroveCluster> FindAsync(string cluster, CancellationToken cancellationToken) => _finder.OneAsync(cluster, cancellationToken);

    private async Task UndoClusterAsync(string? id, string name, CancellationToken cancellationToken)
    {
        id ??= (await cloud.Database.Clusters.ListAsync(cancellationToken).FirstOrDefaultAsync(c => c.Name == name, cancellationToken).ConfigureAwait(false))?.Id;
        if (id is null) return;
        await cloud.Database.Clusters.DeleteAsync(id, cancellationToken).ConfigureAwait(false);
        await _waiter.GoneAsync($"cluster {name}", ct => cloud.Database.Clusters.GetAsync(id, ct), FlowOptions.Default with { Timeout = TimeSpan.FromMinutes(2) }, cancellationToken).ConfigureAwait(false);
    }

    // A node that failed is taken back; one that is only slow is left.
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

    private static void Report(FlowOptions options, string activity, string status) => options.Observer.Progress(new FlowProgress(activity, status));
}
