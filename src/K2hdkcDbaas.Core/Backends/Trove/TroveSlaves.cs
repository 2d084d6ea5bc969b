using K2hdkcDbaas.Core.Backends.NovaServers;
using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;

namespace K2hdkcDbaas.Core.Backends.Trove;

/// <summary>
/// The slaves of a Trove cluster: Nova servers that configure themselves from K2HR3. A Trove whose guests register themselves there has all
/// that they need; for any other the cluster's part in K2HR3 is made with the first slave, marked as Trove's, and follows the members from
/// then on.
/// </summary>
internal sealed class TroveSlaves(NovaNodes servers, ClusterRegistry registry, TimeProvider time)
{
    /// <summary>The cluster's name in K2HR3.</summary>
    public static string NameOf(TroveCluster cluster) =>
        ClusterNames.Normal(cluster.Group?.Values.GetValueOrDefault(ConfigurationGroups.NameKey) as string ?? cluster.Name);

    /// <summary>Boots slaves.</summary>
    public Task<IReadOnlyList<ClusterNode>> AddAsync(TroveCluster cluster, NewNodes request, FlowOptions options,
        CancellationToken cancellationToken)
    {
        NovaNodes.Check(request);
        return FlowRun.RunAsync($"Starting slaves of Trove cluster {cluster.Name}", options, time, run => AddAsync(run, cluster, request),
            cancellationToken);
    }

    /// <summary>Boots slaves as a part of a flow.</summary>
    public async Task<IReadOnlyList<ClusterNode>> AddAsync(FlowRun run, TroveCluster cluster, NewNodes request)
    {
        var name = NameOf(cluster);
        await EnsureAsync(run, cluster, name).ConfigureAwait(false);
        return await servers.AddAsync(run, request with { Cluster = name }).ConfigureAwait(false);
    }

    /// <summary>The role of the cluster's slaves; made when it is missing.</summary>
    public Task<string> RoleAsync(TroveCluster cluster, FlowOptions options, CancellationToken cancellationToken)
    {
        var name = NameOf(cluster);
        return FlowRun.RunAsync($"Registering Trove cluster {cluster.Name} in K2HR3", options, time, async run =>
        {
            await EnsureAsync(run, cluster, name).ConfigureAwait(false);
            return ClusterNames.Child(name, NodeRole.Slave);
        }, cancellationToken);
    }

    /// <summary>The slaves there are.</summary>
    public async Task<IReadOnlyList<ClusterNode>> FindAsync(TroveCluster cluster, string? pattern, CancellationToken cancellationToken)
    {
        var name = NameOf(cluster);
        return await ResourceAsync(name, cancellationToken).ConfigureAwait(false) is null ? []
            : await servers.FindAsync(name, NodeRole.Slave, pattern, cancellationToken)
                .ToListAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A cluster with its slaves. Where K2HR3 does not answer they cannot be counted, which the cluster's detail says.</summary>
    public async Task<Cluster> CountedAsync(TroveCluster cluster, Cluster described, CancellationToken cancellationToken)
    {
        try
        {
            var slaves = await FindAsync(cluster, null, cancellationToken).ConfigureAwait(false);
            return slaves.Count == 0 ? described : cluster.Judged(described with { Nodes = [.. described.Nodes, .. slaves] });
        }
        catch (DbaasException e) when (e.ErrorId == ErrorIds.ClusterNotFound)
        {
            return described;
        }
        catch (DbaasException e)
        {
            var unseen = $"its slaves could not be counted: {e.Message}";
            return described with { StatusDetail = described.StatusDetail is { } detail ? $"{detail}; {unseen}" : unseen };
        }
    }

    /// <summary>Removes one slave.</summary>
    public Task<IReadOnlyList<FlowItem>> RemoveAsync(TroveCluster cluster, string node, FlowOptions options,
        CancellationToken cancellationToken) =>
        servers.Removal.RemoveNodeAsync(NameOf(cluster), NodeRole.Slave, node, options, cancellationToken);

    /// <summary>The configuration that K2HR3 gives to a role.</summary>
    public async Task<ClusterConfiguration> ConfigurationAsync(TroveCluster cluster, NodeRole role, bool expanded,
        CancellationToken cancellationToken) =>
        await registry.ConfigurationAsync(NameOf(cluster), role, expanded, cancellationToken).ConfigureAwait(false)
            ?? throw new DbaasException(
            ErrorKind.NotFound, ErrorIds.ClusterNotRegistered,
            $"K2HR3 holds no configuration for slaves of the Trove cluster '{cluster.Name}'.",
            "Start-K2hdkcSlave and Connect-K2hdkcCluster -Register register the cluster there with its first slave; without -Role the "
                + "configuration group is shown.")
            { Target = cluster.Name };

    /// <summary>
    /// Brings the members that K2HR3 lists up to date, where the cluster's part there was made here. No K2HR3, no part: nothing to do.
    /// </summary>
    public async Task FollowAsync(TroveCluster cluster, FlowOptions options, CancellationToken cancellationToken)
    {
        if (!await HasPartAsync(cluster, options, cancellationToken).ConfigureAwait(false)) return;
        try
        {
            await ListAsync(cluster, NameOf(cluster), cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException e)
        {
            // The change in Trove is done, and must not look as if it had failed.
            Warn(cluster, e, options);
            return;
        }
        var unknown = cluster.Instances.Where(i => i.Addresses is not { Count: > 0 }).Select(i => i.Name).ToList();
        if (unknown.Count > 0)
            NotYet(cluster, $"of {string.Join(", ", unknown)}, which {(unknown.Count == 1 ? "has" : "have")} no address yet", options);
    }

    /// <summary>Says that slaves, where there are any, will be told of a change only later.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="of">Of what they are not told, and why.</param>
    /// <param name="options">Who is told.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    public async Task LaterAsync(TroveCluster cluster, string of, FlowOptions options, CancellationToken cancellationToken)
    {
        if (await HasPartAsync(cluster, options, cancellationToken).ConfigureAwait(false)) NotYet(cluster, of, options);
    }

    /// <summary>
    /// Removes the slaves and what was made for them. Where K2HR3 does not answer, nothing can be said of them, and that is told.
    /// </summary>
    /// <param name="name">The cluster's name in K2HR3.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="cancellationToken">Stops the flow.</param>
    public async Task<IReadOnlyList<FlowItem>> RemoveAllAsync(string name, FlowOptions options, CancellationToken cancellationToken)
    {
        Resource? resource;
        try
        {
            resource = await ResourceAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException e)
        {
            options.Observer.Warning(
                $"Whether '{name}' has slaves could not be seen ({e.Message}) When K2HR3 answers again, 'Remove-K2hdkcCluster {name} "
                    + $"-Backend Trove' removes them.");
            return [];
        }
        return resource is not null && ClusterRegistry.OwnerOf(resource) == TroveProvider.Mark
            ? await servers.RemoveSlavesAsync(name, TroveProvider.Mark, options, cancellationToken).ConfigureAwait(false)
            : [];
    }

    private async Task<bool> HasPartAsync(TroveCluster cluster, FlowOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await ResourceAsync(NameOf(cluster), cancellationToken).ConfigureAwait(false) is { } resource
                && ClusterRegistry.OwnerOf(resource) == TroveProvider.Mark;
        }
        catch (DbaasException e)
        {
            Warn(cluster, e, options);
            return false;
        }
    }

    private static void Warn(TroveCluster cluster, DbaasException e, FlowOptions options) =>
        options.Observer.Warning(
            $"If '{cluster.Name}' has slaves, they were not told of the change: {e.Message} The next Start-K2hdkcSlave tells them.");

    private static void NotYet(TroveCluster cluster, string of, FlowOptions options) =>
        options.Observer.Warning(
            $"The slaves of '{cluster.Name}' are not told yet {of}; the next change with -Wait, or Start-K2hdkcSlave, tells them.");

    private async Task EnsureAsync(FlowRun run, TroveCluster cluster, string name)
    {
        var resource = await registry.ResourceAsync(name, run.Token).ConfigureAwait(false);
        if (resource is not null && ClusterRegistry.IsCluster(resource) && ClusterRegistry.OwnerOf(resource) != TroveProvider.Mark)
        {
            // Trove's own guests have registered it; or it is a cluster of Nova servers that happens to have the name.
            var hosts = await registry.HostsAsync(name, NodeRole.Server, run.Token).ConfigureAwait(false);
            if (hosts.Count == 0 || hosts.Any(h => cluster.Instances.Any(i => i.Addresses?.Any(a => a.Address == h.Host) == true))) return;
            throw new DbaasException(ErrorKind.AlreadyExists, ErrorIds.NameTaken,
                $"K2HR3 has another cluster '{name}', of other servers than the Trove cluster's; nothing was changed.",
                "Slaves are told apart by the cluster's name: one of the two clusters must be recreated under another.")
            { Target = name };
        }
        var request = new NewCluster(name) { Ports = cluster.Ports };
        ClusterNames.CheckNew(name);
        var parts = await registry.ProbeAsync(name, TroveProvider.Mark, run.Token).ConfigureAwait(false);
        if (!parts.Whole)
        {
            run.Options.Observer.Verbose(
                $"K2HR3 does not know the Trove cluster '{cluster.Name}' yet: it is registered there, with its {cluster.Instances.Count} "
                    + $"members.");
            await registry.CreateAsync(run, await registry.TenantAsync(run.Token).ConfigureAwait(false), request, parts,
                TroveProvider.Mark).ConfigureAwait(false);
            var group = await servers.Firewall.FindAsync(name, NodeRole.Slave, run.Token).ConfigureAwait(false);
            await servers.Firewall.EnsureAsync(run, name, NodeRole.Slave, cluster.Ports, group).ConfigureAwait(false);
        }
        await ListAsync(cluster, name, run.Token).ConfigureAwait(false);
    }

    // Trove does not show the servers under its instances: an instance's own id is its key, and its name the host name that is its seed.
    private async Task ListAsync(TroveCluster cluster, string name, CancellationToken cancellationToken)
    {
        var lines = await registry.HostsAsync(name, NodeRole.Server, cancellationToken).ConfigureAwait(false);
        var members = cluster.Instances.Where(i => i.Addresses is { Count: > 0 })
            .ToDictionary(i => i.Id, i => (i.Addresses![0].Address, Seed: ClusterNames.Normal(i.Name)));
        var missing = members.Where(m => !lines.Any(l => l.Cuk == m.Key && m.Value == (l.Host, l.Tag)))
            .Select(m => new RoleHost { Host = m.Value.Address, Cuk = m.Key, Tag = m.Value.Seed }).ToList();
        if (missing.Count > 0) await registry.AddHostsAsync(name, NodeRole.Server, missing, cancellationToken).ConfigureAwait(false);
        // Hosts that registered themselves say so in their extra field, and are not ours to remove.
        foreach (var line in lines.Where(
            l => l.Extra.Length == 0 && (!members.TryGetValue(l.Cuk, out var member) || member != (l.Host, l.Tag))))
            await registry.RemoveHostAsync(name, NodeRole.Server, line, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Resource?> ResourceAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await registry.ResourceAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException e) when (e.ErrorId is ErrorIds.K2hr3NotConfigured or ErrorIds.K2hr3CredentialMissing)
        {
            return null;
        }
    }
}
