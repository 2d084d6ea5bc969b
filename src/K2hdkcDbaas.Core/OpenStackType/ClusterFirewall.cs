using K2hdkcDbaas.Faults;
using K2hdkcDbaas.OpenStack;

namespace K2hdkcDbaas.Core;

/// <summary>The two Neutron security groups of a cluster; names, descriptions and rules as <c>k2hdkc_dbaas_cli</c> makes them.</summary>
internal sealed class ClusterFirewall(OpenStackConnection cloud, TimeProvider time)
{
    private static readonly TimeSpan InUseLimit = TimeSpan.FromSeconds(60);

    /// <summary>The groups for nodes of a kind; there may be none, and by mischance several.</summary>
    public async Task<IReadOnlyList<OpenStack.SecurityGroup>> FindAsync(string cluster, NodeRole role, CancellationToken cancellationToken)
    {
        var project = (await cloud.AuthenticateAsync(cancellationToken).ConfigureAwait(false)).ProjectId;
        var found = await cloud.Network.SecurityGroups.ListAsync(ClusterNames.SecurityGroup(cluster, role), cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        // Administrators see the groups of all projects.
        return [.. found.Where(g => g.ProjectId is null || project is null || g.ProjectId == project)];
    }

    /// <summary>Makes what is missing of a group and its rules.</summary>
    public async Task EnsureAsync(FlowRun run, string cluster, NodeRole role, ClusterPorts ports, IReadOnlyList<OpenStack.SecurityGroup> found)
    {
        var name = ClusterNames.SecurityGroup(cluster, role);
        var word = ClusterNames.Word(role);
        (int Port, string Description)[] wanted = role == NodeRole.Server
            ? [(ports.Server, "k2hdkc/chmpx server node port"), (ports.ServerControl, "k2hdkc/chmpx server node control port")]
            : [(ports.SlaveControl, "k2hdkc/chmpx slave node control port")];
        var group = found.Count > 0 ? found[0] : await run.MakeAsync(
            new FlowItem("security group", name),
            ct => cloud.Network.SecurityGroups.CreateAsync(name, $"security group for k2hdkc {cluster} {word} node", ct),
            made => new FlowItem("security group", name, made.Id),
            (made, ct) => DeleteAsync(cluster, role, made?.Id, ct)).ConfigureAwait(false);
        var missing = wanted.Where(w => !group.Rules.Any(r => Lets(r, w.Port))).Select(w => OpenStack.SecurityGroupRule.TcpIn(group.Id, w.Port, w.Description)).ToList();
        if (missing.Count == 0) return;
        run.Token.ThrowIfCancellationRequested();
        await cloud.Network.SecurityGroups.CreateRulesAsync(missing, run.Token).ConfigureAwait(false);
    }

    /// <summary>Deletes a group; waits while ports of vanishing servers still use it.</summary>
    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                await cloud.Network.SecurityGroups.DeleteAsync(id, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (DbaasException e) when (e.Kind == FaultKind.Conflict && time.GetElapsedTime(start) < InUseLimit)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task DeleteAsync(string cluster, NodeRole role, string? id, CancellationToken cancellationToken)
    {
        // Without an answer the group may exist; before the request none bore the name.
        var ids = id is not null ? [id] : (await FindAsync(cluster, role, cancellationToken).ConfigureAwait(false)).Select(g => g.Id).ToList();
        foreach (var each in ids) await DeleteAsync(each, cancellationToken).ConfigureAwait(false);
    }

    private static bool Lets(OpenStack.SecurityGroupRule rule, int port) =>
        rule is { Direction: "ingress", Protocol: "tcp" or null } && (rule.Ethertype ?? "IPv4") == "IPv4" && (rule.PortRangeMin ?? 1) <= port && port <= (rule.PortRangeMax ?? 65535);
}
