using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Flows;

/// <summary>Waits until nodes run and are registered, whoever has asked for them, and from whatever console.</summary>
public static class ReadyWait
{
    /// <summary>Waits.</summary>
    /// <param name="what">What is awaited, for messages, such as <c>cluster demo</c>.</param>
    /// <param name="read">Reads the nodes as they are now.</param>
    /// <param name="timeout">How long.</param>
    /// <param name="time">Where the wait takes the time from.</param>
    /// <param name="observer">Watches.</param>
    /// <param name="cancellationToken">Ends the wait; the nodes are left as they are.</param>
    /// <returns>The nodes, all of them ready.</returns>
    /// <exception cref="DbaasException"><see cref="ErrorIds.NodeFailed"/> or <see cref="ErrorIds.NodeWaitTimeout"/>.</exception>
    public static async Task<IReadOnlyList<ClusterNode>> ForAsync(
        string what, Func<CancellationToken, Task<IReadOnlyList<ClusterNode>>> read, TimeSpan timeout, TimeProvider time,
        IFlowObserver observer,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(observer);
        var poll = new Poll(time, timeout);
        while (true)
        {
            var nodes = await read(cancellationToken).ConfigureAwait(false);
            if (nodes.FirstOrDefault(n => n.Health == NodeHealth.Failed && n.Status != "GONE") is { } failed)
            {
                throw new DbaasException(
                    ErrorKind.ServiceFailure, ErrorIds.NodeFailed,
                    $"Node '{failed.Name}' of cluster '{failed.Cluster}' has failed: "
                        + $"{Sentence.End(failed.Fault ?? failed.Status ?? "nobody says why")}",
                    "Remove the node and add another one.")
                { Target = failed.Name };
            }

            // A role entry whose server is gone would be waited for in vain.
            var waiting = nodes.Where(n => !(n is { Registered: true, Health: NodeHealth.Running } || n.Status is "DELETING" or "GONE"))
                .ToList();
            if (waiting.Count == 0) return nodes;
            var list = string.Join(", ", waiting.Select(n => $"{n.Name} {n.Status}{(n.Registered ? "" : ", not registered")}"));
            observer.Progress(new FlowProgress($"Waiting for {what}", list, (nodes.Count - waiting.Count) * 100 / nodes.Count));
            if (await poll.NextAsync(cancellationToken).ConfigureAwait(false)) continue;
            throw new DbaasException(
                ErrorKind.Timeout, ErrorIds.NodeWaitTimeout, $"After {poll.Elapsed.TotalSeconds:0} s {what} is not ready: {list}.",
                "Wait again with a longer -Timeout; a node that runs and never registers shows why in its console log.")
            { Target = waiting[0].Name };
        }
    }
}
