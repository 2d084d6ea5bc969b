using System.Text;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Nova;

namespace K2hdkcDbaas.Core.Backends.NovaServers;

/// <summary>
/// Waits until nodes run by Nova's account and are registered in their roles; one list request per look, however many nodes.
/// </summary>
internal sealed class NodeWaiter(OpenStackConnection cloud, ClusterRegistry registry, TimeProvider time)
{
    private const int ConsoleLines = 15;

    /// <summary>Waits. A node in ERROR fails the flow; a time-out leaves the nodes, for they exist and may only be slow.</summary>
    public async Task<IReadOnlyList<ClusterNode>> WaitAsync(FlowRun run, string cluster, IReadOnlyList<LaunchedNode> nodes)
    {
        var poll = new Poll(time, run.Options.Timeout);
        var servers = new Dictionary<string, Server>();
        var hosts = new Dictionary<string, RoleHost>();
        while (true)
        {
            try
            {
                if (nodes.Any(n => servers.GetValueOrDefault(n.Id)?.Status != "ACTIVE"))
                    servers = await ServersAsync(nodes, run.Token).ConfigureAwait(false);
            }
            catch (DbaasException e) when (!run.Token.IsCancellationRequested)
            {
                throw FlowRun.Keeping(e);
            }
            foreach (var node in nodes)
            {
                if (servers.GetValueOrDefault(node.Id)?.Status == "ERROR") throw Failed(cluster, node, servers[node.Id]);
                if (!servers.ContainsKey(node.Id) && poll.Elapsed > TimeSpan.FromSeconds(5))
                    throw new DbaasException(ErrorKind.NotFound, ErrorIds.NodeFailed,
                        $"Node '{node.Name}' ({node.Id}) was deleted by someone else while this command waited for it.",
                        "Find out who removes servers of this project, and run the command again.")
                    { Target = node.Name };
            }
            var active = nodes.Where(n => servers.GetValueOrDefault(n.Id)?.Status == "ACTIVE").ToList();
            if (active.Count > 0)
            {
                try
                {
                    await RegisteredAsync(cluster, active, hosts, run.Token).ConfigureAwait(false);
                }
                catch (DbaasException e) when (!run.Token.IsCancellationRequested)
                {
                    throw FlowRun.Keeping(e);
                }
            }
            var done = nodes.Count(n => hosts.ContainsKey(n.Id));
            run.Report($"{active.Count} of {nodes.Count} nodes run, {done} registered", 100 * (active.Count + done) / (2 * nodes.Count));
            if (done == nodes.Count)
                return [.. nodes.Select(n => NodeFinder.Registered(cluster, n.Role, hosts[n.Id], servers.GetValueOrDefault(n.Id), true))];
            if (!await poll.NextAsync(run.Token).ConfigureAwait(false))
                throw FlowRun.Keeping(await TimedOutAsync(cluster, nodes, servers, hosts, poll.Elapsed, run.Token).ConfigureAwait(false));
        }
    }

    private async Task<Dictionary<string, Server>> ServersAsync(IReadOnlyList<LaunchedNode> nodes, CancellationToken cancellationToken)
    {
        if (nodes is [var only])
        {
            try
            {
                return new() { [only.Id] = await cloud.Compute.Servers.GetAsync(only.Id, cancellationToken).ConfigureAwait(false) };
            }
            catch (DbaasException e) when (e.Kind == ErrorKind.NotFound)
            {
                return [];
            }
        }
        var wanted = nodes.Select(n => n.Id).ToHashSet();
        var found = new Dictionary<string, Server>();
        await foreach (var server in cloud.Compute.Servers.ListAsync(null, cancellationToken).ConfigureAwait(false))
        {
            if (wanted.Contains(server.Id)) found[server.Id] = server;
        }
        return found;
    }

    private async Task RegisteredAsync(string cluster, IReadOnlyList<LaunchedNode> active, Dictionary<string, RoleHost> hosts,
        CancellationToken cancellationToken)
    {
        foreach (var role in active.Where(n => !hosts.ContainsKey(n.Id)).Select(n => n.Role).Distinct())
        {
            foreach (var host in await registry.HostsAsync(cluster, role, cancellationToken).ConfigureAwait(false))
            {
                if (active.Any(n => n.Id == host.Cuk && n.Role == role)) hosts[host.Cuk] = host;
            }
        }
    }

    private static DbaasException Failed(string cluster, LaunchedNode node, Server server) =>
        new(ErrorKind.ServiceFailure, ErrorIds.NodeFailed,
            $"Nova could not run node '{node.Name}' ({node.Id}) of cluster '{cluster}': "
                + $"{Sentence.End(server.Fault?.Message ?? "it gives no reason")}",
            "Choose another flavor, zone or image, or ask the cloud's administrator.")
        { Service = "nova", Target = node.Name };

    private async Task<DbaasException> TimedOutAsync(string cluster, IReadOnlyList<LaunchedNode> nodes, Dictionary<string, Server> servers,
        Dictionary<string, RoleHost> hosts, TimeSpan elapsed,
        CancellationToken cancellationToken)
    {
        var building = nodes.Where(n => servers.GetValueOrDefault(n.Id)?.Status != "ACTIVE").ToList();
        var silent = nodes.Where(n => !building.Contains(n) && !hosts.ContainsKey(n.Id)).ToList();
        var message = new StringBuilder(
            $"After {elapsed.TotalSeconds:0} s {building.Count + silent.Count} of {nodes.Count} nodes "
                + $"of cluster '{cluster}' are not ready.");
        if (building.Count > 0)
            message.Append($" Not ACTIVE in Nova: "
                + $"{string.Join(", ", building.Select(n => $"{n.Name} ({servers.GetValueOrDefault(n.Id)?.Status ?? "unknown"})"))}.");
        if (silent.Count > 0)
        {
            message.Append($" ACTIVE, but not registered in K2HR3: {string.Join(", ", silent.Select(n => n.Name))}.");
            var console = await ConsoleAsync(silent[0].Id, cancellationToken).ConfigureAwait(false);
            if (console.Length > 0) message.Append($" The console of {silent[0].Name} ends with:\n{console}");
        }
        var left = building.Concat(silent).All(n => n.Role == NodeRole.Slave)
            ? $"Wait-K2hdkcCluster {cluster} waits on, Get-K2hdkcSlave shows them, Stop-K2hdkcSlave removes them."
            : $"Wait-K2hdkcCluster {cluster} waits on, Get-K2hdkcNode shows them, Remove-K2hdkcNode removes them.";
        var next = silent.Count > 0
            ? $"See in the console whether the guest reaches K2HR3 and runs cloud-init. The nodes are left: {left}"
            : $"The nodes are left, and may yet become ACTIVE: {left}";
        return new DbaasException(ErrorKind.Timeout, ErrorIds.NodeWaitTimeout, message.ToString(),
            next)
        { Target = string.Join(", ", building.Concat(silent).Select(n => n.Name)) };
    }

    private async Task<string> ConsoleAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            var text = await cloud.Compute.Servers.GetConsoleAsync(id, ConsoleLines, cancellationToken).ConfigureAwait(false);
            return ConsoleText.Clean(cloud.Redactor.Text(text), ConsoleLines);
        }
        catch (DbaasException e)
        {
            return $"(no console log: {e.Message})";
        }
    }
}
