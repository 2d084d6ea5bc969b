using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Trove;

namespace K2hdkcDbaas.Core.Backends.Trove;

/// <summary>
/// A Trove cluster: one that Trove knows as such, or single instances that share a configuration group (then <paramref name="Bulk"/> is
/// null).
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Bulk">Trove's cluster.</param>
/// <param name="Group">The configuration group, where known.</param>
/// <param name="Instances">Its members; of Trove's own cluster also single instances that have its group, since the group makes the
/// ring.</param>
internal sealed record TroveCluster(string Name, DatabaseCluster? Bulk, ConfigurationGroup? Group,
    IReadOnlyList<DatabaseInstance> Instances)
{
    public string? GroupId => Bulk?.ConfigurationId ?? Group?.Id;

    /// <summary>Its instances that Trove itself counts to its cluster.</summary>
    public IEnumerable<DatabaseInstance> BulkMembers => Instances.Where(i => Bulk?.Instances.Any(m => m.Id == i.Id) == true);

    /// <summary>Its instances that stand alone in Trove.</summary>
    public IEnumerable<DatabaseInstance> Singles => Instances.Except(BulkMembers);

    /// <summary>The ports that its group names; the defaults where it names none.</summary>
    public ClusterPorts Ports
    {
        get
        {
            int Port(string key, int missing) => Group?.Values.GetValueOrDefault(key) is long port ? (int)port : missing;
            var defaults = new ClusterPorts();
            return new ClusterPorts
            {
                Server = Port("chmpx-server-port", defaults.Server),
                ServerControl = Port("chmpx-server-ctlport", defaults.ServerControl),
                SlaveControl = Port("chmpx-slave-ctlport", defaults.SlaveControl),
            };
        }
    }

    /// <summary>The cluster in this product's words.</summary>
    public Cluster Describe(string? project)
    {
        var cluster = new Cluster
        {
            Name = Name,
            Backend = TroveProvider.EngineName,
            Id = Bulk?.Id,
            Project = project,
            ConfigurationGroupId = GroupId,
            Ports = Ports,
            Nodes = [.. Instances.Select(i => Node(Name, i)).OrderBy(n => n.Name, NaturalOrder.Instance)],
            Created = Bulk?.Created ?? Instances.Min(i => i.Created),
        };
        return Judged(cluster);
    }

    /// <summary>The cluster with the status that its nodes and Trove's task give it.</summary>
    public Cluster Judged(Cluster cluster)
    {
        var judged = ClusterHealth.Judged(cluster);
        if (Bulk is not { IsIdle: false } || judged.Status is ClusterStatus.Failed or ClusterStatus.Degraded) return judged;
        return judged with
        {
            Status = Bulk.Task.Name == "BUILDING" ? ClusterStatus.Creating : ClusterStatus.Busy,
            StatusDetail = Bulk.Task.Name
        };
    }

    /// <summary>The same cluster when members have left.</summary>
    public TroveCluster Without(params IEnumerable<string> ids) => this with { Instances = [.. Instances.Where(i => !ids.Contains(i.Id))] };

    /// <summary>The one member that is meant.</summary>
    /// <exception cref="DbaasException"><c>NodeNotFound</c> or <c>NodeAmbiguous</c>: Trove lets several have one name.</exception>
    public DatabaseInstance Member(string node)
    {
        var found = Instances.Where(i => i.Id == node).ToList();
        if (found.Count == 0) found = [.. Instances.Where(i => Means(i, node))];
        return found switch
        {
            [var only] => only,
            [] => throw new DbaasException(ErrorKind.NotFound, ErrorIds.NodeNotFound, $"Cluster '{Name}' has no node '{node}'.",
                "Get-K2hdkcNode lists its nodes.")
            { Target = node },
            _ => throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.NodeAmbiguous,
                $"'{node}' means {found.Count} nodes of cluster '{Name}': {string.Join(", ", found.Select(f => f.Id))}.",
                "Give the id.")
            { Target = node },
        };
    }

    /// <summary>Whether an instance is meant by an id, name or address.</summary>
    public static bool Means(DatabaseInstance instance, string node) =>
        instance.Id == node || instance.Name.Equals(node, StringComparison.OrdinalIgnoreCase)
            || instance.Addresses?.Any(a => a.Address == node) == true;

    public static ClusterNode Node(string cluster, DatabaseInstance instance) => new()
    {
        Cluster = cluster,
        Role = NodeRole.Server,
        Name = instance.Name,
        Id = instance.Id,
        IPAddress = instance.Addresses is [var first, ..] ? first.Address : null,
        Status = instance.Status,
        Fault = instance.Fault?.Message,
        Registered = instance.IsReady,
        Flavor = instance.FlavorId,
        Created = instance.Created,
    };
}

/// <summary>Finds the project's Trove clusters of both kinds.</summary>
internal sealed class TroveFinder(OpenStackConnection cloud)
{
    /// <summary>All clusters whose name or id fits; of single instances the id of their configuration group is the cluster's.</summary>
    public async Task<IReadOnlyList<TroveCluster>> ListAsync(NamePattern wanted, CancellationToken cancellationToken)
    {
        var clusters = cloud.Database.Clusters.ListAsync(cancellationToken).ToListAsync(cancellationToken).AsTask();
        var instances = cloud.Database.Instances.ListAsync(cancellationToken).ToListAsync(cancellationToken).AsTask();
        var groups = cloud.Database.Configurations.ListAsync(cancellationToken).ToListAsync(cancellationToken).AsTask();
        await Together.AllAsync(clusters, instances, groups).ConfigureAwait(false);
        var all = await instances.ConfigureAwait(false);
        var own = (await clusters.ConfigureAwait(false)).Where(c => c.Datastore?.Type is null or ConfigurationGroups.Datastore).ToList();
        var found = new List<TroveCluster>();
        foreach (var cluster in own.Where(c => wanted.Fits(c.Name) || wanted.Fits(c.Id)))
        {
            var group = cluster.ConfigurationId is { } id ? await GroupAsync(id, cancellationToken).ConfigureAwait(false) : null;
            found.Add(new TroveCluster(cluster.Name, cluster,
                group, [.. all.Where(i => i.ClusterId == cluster.Id || cluster.Instances.Any(m => m.Id == i.Id))]));
        }
        foreach (var reference in (await groups.ConfigureAwait(false)).Where(ConfigurationGroups.IsOurs))
        {
            // The list of instances does not tell their groups: each group tells its instances.
            var members = await cloud.Database.Configurations.ListInstancesAsync(reference.Id, cancellationToken).Select(m => m.Id)
                .ToListAsync(cancellationToken).ConfigureAwait(false);
            var single = all.Where(
                i => i.ClusterId is null && members.Contains(i.Id) && !own.Exists(c => c.Instances.Any(m => m.Id == i.Id))).ToList();
            if (single.Count == 0) continue;
            if (own.Where(c => c.ConfigurationId == reference.Id).ToList() is [var whole])
            {
                var at = found.FindIndex(f => f.Bulk == whole);
                if (at >= 0) found[at] = found[at] with { Instances = [.. found[at].Instances, .. single] };
            }
            else if (await GroupAsync(reference.Id, cancellationToken).ConfigureAwait(false) is { } group
                && group.Values.GetValueOrDefault(ConfigurationGroups.NameKey) is string name
                && (wanted.Fits(name) || wanted.Fits(group.Id)))
            {
                found.Add(new TroveCluster(name, null, group, single));
            }
        }
        return [.. found.OrderBy(f => f.Name, NaturalOrder.Instance)];
    }

    /// <summary>The one cluster that is meant.</summary>
    /// <exception cref="DbaasException"><c>ClusterNotFound</c> or <c>ReferenceAmbiguous</c>: Trove lets several have one name.</exception>
    public async Task<TroveCluster> OneAsync(string cluster, CancellationToken cancellationToken)
    {
        var found = (await ListAsync(new NamePattern("*"), cancellationToken).ConfigureAwait(false))
            .Where(c => c.Name == cluster || (c.Bulk?.Id ?? c.GroupId) == cluster).ToList();
        return found switch
        {
            [var only] => only,
            [] => throw ClusterErrors.NotFound(cluster),
            _ => throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.ReferenceAmbiguous,
                $"{found.Count} Trove clusters are named '{cluster}': "
                    + $"{string.Join(", ", found.Select(f => f.Bulk?.Id ?? $"{f.GroupId} (single instances, by their configuration group)"))}.",
                "Give the id.")
            { Target = cluster },
        };
    }

    private async Task<ConfigurationGroup?> GroupAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return ConfigurationGroups.Of(await cloud.Database.Configurations.GetAsync(id, cancellationToken).ConfigureAwait(false));
        }
        catch (DbaasException e) when (e.Kind == ErrorKind.NotFound)
        {
            return null;
        }
    }
}
