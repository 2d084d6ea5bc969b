using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Nova;

namespace K2hdkcDbaas.Core.Backends.NovaServers;

/// <summary>Starts and stops the Nova servers of nodes, and reads their consoles.</summary>
internal sealed class NovaMachines(OpenStackConnection cloud, NovaNodes nodes, TimeProvider time) : INodeMachines
{
    private ServersClient Servers => cloud.Compute.Servers;

    /// <inheritdoc/>
    public Task StartAsync(string cluster, string node, FlowOptions options, CancellationToken cancellationToken) =>
        ActAsync(cluster, node, "Starting", "ACTIVE",
            s => s.Status == "ACTIVE" ? Task.CompletedTask : Servers.StartAsync(s.Id, cancellationToken), options, cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(string cluster, string node, FlowOptions options, CancellationToken cancellationToken) =>
        ActAsync(cluster, node, "Stopping", "SHUTOFF",
            s => s.Status == "SHUTOFF" ? Task.CompletedTask : Servers.StopAsync(s.Id, cancellationToken), options, cancellationToken);

    /// <inheritdoc/>
    public Task RestartAsync(string cluster, string node, FlowOptions options, CancellationToken cancellationToken) =>
        ActAsync(cluster, node, "Restarting", "ACTIVE", s => Servers.RebootAsync(s.Id, options.Force, cancellationToken), options,
            cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> GetConsoleAsync(string cluster, string node, int lines, CancellationToken cancellationToken)
    {
        var server = await ServerAsync(cluster, node, cancellationToken).ConfigureAwait(false);
        var text = await Servers.GetConsoleAsync(server.Id, lines, cancellationToken).ConfigureAwait(false);
        return ConsoleText.Lines(cloud.Redactor.Text(text), lines);
    }

    private async Task ActAsync(
        string cluster, string node, string doing, string wanted, Func<Server, Task> act, FlowOptions options,
        CancellationToken cancellationToken)
    {
        var server = await ServerAsync(cluster, node, cancellationToken).ConfigureAwait(false);
        await act(server).ConfigureAwait(false);
        if (!options.Wait) return;
        var poll = new Poll(time, options.Timeout);
        while (true)
        {
            var now = await Servers.GetAsync(server.Id, cancellationToken).ConfigureAwait(false);
            if (now.Status == wanted && now.TaskState is null) return;
            if (now.Status == "ERROR")
            {
                throw new DbaasException(ErrorKind.ServiceFailure, ErrorIds.NodeFailed,
                    $"{doing} node '{server.Name}' failed: {Sentence.End(now.Fault?.Message ?? "Nova gives no reason")}",
                    "Remove the node and add another one.")
                { Service = "nova", Target = server.Name };
            }
            options.Observer.Progress(new FlowProgress($"{doing} {server.Name}", now.TaskState ?? now.Status));
            if (await poll.NextAsync(cancellationToken).ConfigureAwait(false)) continue;
            throw new DbaasException(ErrorKind.Timeout, ErrorIds.NodeWaitTimeout,
                $"After {poll.Elapsed.TotalSeconds:0} s node '{server.Name}' is {now.Status}, not {wanted}.",
                "Wait longer, or see Get-K2hdkcNodeConsole.")
            { Service = "nova", Target = server.Name };
        }
    }

    private async Task<Server> ServerAsync(string cluster, string node, CancellationToken cancellationToken)
    {
        var name = ClusterNames.Normal(cluster);
        var found = await nodes.FindAllAsync(name, null, cancellationToken).ConfigureAwait(false);
        // Of a cluster that there is not this says so.
        if (found.Count == 0)
            await nodes.FindAsync(name, null, null, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        var one = NodeFinder.One(name, node, found);
        return one.Server ?? throw new DbaasException(ErrorKind.NotFound, ErrorIds.NodeNotFound,
            $"Node '{one.Node.Name}' of cluster '{name}' has no server in this project: it is {one.Node.Status}.",
            one.Node.Status == "GONE" ? "Remove-K2hdkcNode or Stop-K2hdkcSlave removes what is left of it." : "Look at it on its own host.")
        { Target = one.Node.Name };
    }
}
