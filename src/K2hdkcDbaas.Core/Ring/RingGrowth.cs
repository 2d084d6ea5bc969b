using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Ring;

/// <summary>Adds server nodes to a cluster of any back end without hiding keys: one after the other, the ring settled in between.</summary>
public static class RingGrowth
{
    /// <summary>Adds nodes.</summary>
    /// <param name="session">The session.</param>
    /// <param name="backend">How the cluster is run.</param>
    /// <param name="request">What to add.</param>
    /// <param name="options">How to behave. Servers that join a ring are waited for, also without <see cref="FlowOptions.Wait"/>; forced,
    /// the ring takes them in by itself, the plain way.</param>
    /// <param name="cancellationToken">Stops the flow.</param>
    public static async Task<IReadOnlyList<ClusterNode>> AddAsync(IDbaasSession session, IClusterBackend backend, NewNodes request,
        FlowOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(options);
        if (request.Role != NodeRole.Server) return await backend.AddNodesAsync(request, options, cancellationToken).ConfigureAwait(false);
        if (!options.Force && Math.Max(request.Names.Count, request.Count) > 1)
            await CheckAsync(backend, request, cancellationToken).ConfigureAwait(false);
        var steps = request.Names.Count > 0
            ? request.Names.Select(n => request with { Names = [n], Count = 1 })
            : Enumerable.Repeat(request with { Count = 1 }, request.Count);
        return await GrowAsync(
            session, backend, request.Cluster, [.. steps.Select(one => (Launch)((how, ct) => backend.AddNodesAsync(one, how, ct)))],
            (how, ct) => backend.AddNodesAsync(request, how, ct), options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Makes a node of a cluster from a backup. What it brings of keys that its ring has in a newer form, or on other servers, is put in
    /// order before it comes in.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="backend">How the cluster is run; its backups make the node.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="restore">Makes the node and, where it is told to, waits until it runs.</param>
    /// <param name="options">How to behave, as with <see cref="AddAsync"/>.</param>
    /// <param name="cancellationToken">Stops the flow.</param>
    public static async Task<ClusterNode> RestoreAsync(
        IDbaasSession session, IClusterBackend backend, string cluster, Func<FlowOptions, CancellationToken, Task<ClusterNode>> restore,
        FlowOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(restore);
        ArgumentNullException.ThrowIfNull(options);
        async Task<IReadOnlyList<ClusterNode>> LaunchAsync(FlowOptions how, CancellationToken ct) =>
            [await restore(how, ct).ConfigureAwait(false)];
        return (await GrowAsync(session, backend, cluster, [LaunchAsync], LaunchAsync, options,
            cancellationToken).ConfigureAwait(false))[0];
    }

    private static async Task<IReadOnlyList<ClusterNode>> GrowAsync(
        IDbaasSession session, IClusterBackend backend, string cluster, IReadOnlyList<Launch> steps, Launch plain, FlowOptions options,
        CancellationToken cancellationToken)
    {
        if (options.Force)
        {
            await WarnAsync(session, backend, cluster, options, cancellationToken).ConfigureAwait(false);
            return await plain(options, cancellationToken).ConfigureAwait(false);
        }

        var ring = await OpenAsync(session, backend, cluster, cancellationToken).ConfigureAwait(false);

        // The first nodes of a cluster may boot together.
        if (ring is null) return await plain(options, cancellationToken).ConfigureAwait(false);

        // Keys cannot be copied to a node before it is there.
        var waiting = options with { Wait = true };
        var launched = false;
        try
        {
            // One membership for all of them: a server that reads its configuration between two would turn this host away.
            var pass = await ring.AdmitAsync(waiting, cancellationToken).ConfigureAwait(false);
            await using var member = pass.ConfigureAwait(false);
            var added = new List<ClusterNode>();
            foreach (var step in steps)
            {
                if (added.Count > 0)
                    ring = await RingController.OpenAsync(new ClusterRing(session, backend, cluster), TimeProvider.System,
                        cancellationToken).ConfigureAwait(false);
                added.AddRange(await ring.GrowAsync(
                    ct =>
                    {
                        launched = true;
                        return LaunchAsync(step, waiting, ct);
                    },
                    made => made.Count > 0 ? made[0].IPAddress : null, pass, waiting, cancellationToken).ConfigureAwait(false));
            }

            return added;
        }
        catch (DbaasException e) when (!launched && e.Kind is (ErrorKind.Unreachable or ErrorKind.Timeout or ErrorKind.Forbidden))
        {
            // Growth destroys nothing: what it hides can be put in place later.
            options.Observer.Warning(
                $"The ring cannot be reached from here, so new nodes join the plain way, which can hide keys until Sync-K2hdkcRing has run "
                    + $"where it can be reached. {e.Message}");
            return await plain(options, cancellationToken).ConfigureAwait(false);
        }
    }

    // What was asked for comes up later, and joins by itself.
    private static async Task<IReadOnlyList<ClusterNode>> LaunchAsync(Launch step, FlowOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await step(options, cancellationToken).ConfigureAwait(false);
        }
        catch (FlowCanceledException e) when (e.Left.Count > 0)
        {
            throw new FlowCanceledException(
                $"{e.Message} It joins without its keys: when it is in service, Sync-K2hdkcRing puts them in place.",
                e.Left, cancellationToken).Told(options.Observer);
        }
    }

    /// <summary>What the next node to join would come to, for a decision; null where the cluster has no ring yet.</summary>
    /// <param name="session">The session.</param>
    /// <param name="backend">How the cluster is run.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="name">What the node is called.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<RingPlan?> ForeseeAsync(IDbaasSession session, IClusterBackend backend, string cluster, string name,
        CancellationToken cancellationToken) =>
        await OpenAsync(session, backend, cluster, cancellationToken).ConfigureAwait(false) is { Nodes.Count: > 0 } ring
            ? await ring.ForeseeNewAsync(name, cancellationToken).ConfigureAwait(false)
            : null;

    // Nodes that come one after the other: what would stop the last of them is said before the first is made.
    private static async Task CheckAsync(IClusterBackend backend, NewNodes request, CancellationToken cancellationToken)
    {
        await backend.CheckNodesAsync(request, cancellationToken).ConfigureAwait(false);
        if (request.Names.Count == 0) return;
        var taken = await backend.GetNodesAsync(request.Cluster, request.Role, null, cancellationToken).Select(n => n.Name)
            .ToHashSetAsync(StringComparer.OrdinalIgnoreCase, cancellationToken).ConfigureAwait(false);
        if (request.Names.FirstOrDefault(n => !taken.Add(n)) is { } twice)
            throw new DbaasException(ErrorKind.AlreadyExists, ErrorIds.NodeExists,
                $"Cluster '{request.Cluster}' has a node '{twice}' already, or it was named twice; nothing was changed.",
                "Choose another name.")
            { Target = twice };
    }

    private static async Task WarnAsync(IDbaasSession session, IClusterBackend backend, string cluster, FlowOptions options,
        CancellationToken cancellationToken)
    {
        RingPlan? plan = null;
        try
        {
            plan = await ForeseeAsync(session, backend, cluster, cluster, cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException e)
        {
            options.Observer.Verbose(e.Message);
        }

        if (plan is { HiddenByPlainWay: > 0 })
            options.Observer.Warning(
                $"The plain way hides {RingPlan.Percent(plan.HiddenByPlainWay)} of the keys of '{cluster}' with the first new node, until "
                    + $"'Sync-K2hdkcRing {cluster}' has run.");
    }

    private static async Task<RingController?> OpenAsync(IDbaasSession session, IClusterBackend backend, string cluster,
        CancellationToken cancellationToken)
    {
        try
        {
            return await RingController.OpenAsync(new ClusterRing(session, backend, cluster), TimeProvider.System,
                cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException e) when (e.ErrorId is ErrorIds.ClusterHasNoServer or ErrorIds.ClusterNotFound
            or ErrorIds.ClusterNotRegistered)
        {
            // No ring yet, so no key to hide; what else is wrong the back end says.
            return null;
        }
    }

    private delegate Task<IReadOnlyList<ClusterNode>> Launch(FlowOptions options, CancellationToken cancellationToken);
}
