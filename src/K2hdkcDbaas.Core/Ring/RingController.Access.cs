using K2hdkcDbaas.Client;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Configuration;

namespace K2hdkcDbaas.Core.Ring;

/// <content>The controller's own client of the ring, beside its servers' control ports.</content>
public sealed partial class RingController
{
    private async Task<(IDirectAccess Direct, RingMover Mover)> MoverAsync(IK2hdkcClient client, string activity, FlowOptions options,
        CancellationToken cancellationToken)
    {
        var mover = new RingMover(client.Direct!, options.Observer, activity, time);
        mover.Measure(await client.GetStatesAsync(cancellationToken).ConfigureAwait(false));
        return (client.Direct!, mover);
    }

    // Servers that let this host in under an earlier key answer its commands, and refuse its new key until they read their configuration
    // again.
    private async Task<IK2hdkcClient> ConnectAsync(RingPass pass, CancellationToken cancellationToken)
    {
        var poll = new Poll(time, RingAdmission.Limit);
        while (true)
        {
            DbaasException refused;
            try
            {
                var client = await JoinAsync(pass, cancellationToken).ConfigureAwait(false);
                if (pass.IsOwn) await ReachAllAsync(client, poll, cancellationToken).ConfigureAwait(false);
                return client;
            }
            catch (DbaasException e) when (pass.IsOwn && e.ErrorId == K2hdkcErrors.AdmissionRefused)
            {
                refused = e;
            }

            if (!await poll.NextAsync(cancellationToken).ConfigureAwait(false)) throw refused;
        }
    }

    // The client goes on trying those that refuse it.
    private static async Task ReachAllAsync(IK2hdkcClient client, Poll poll, CancellationToken cancellationToken)
    {
        try
        {
            while (client.Ring.Servers.Any(s => s.Record.Status.CanAnswer && !s.IsConnected)
                && await poll.NextAsync(cancellationToken).ConfigureAwait(false))
            {
                // Until all are connected, or the time is over.
            }
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // How ids are made, who is a server and how many copies there are, the nodes tell; keys and certificates the configuration.
    private async Task<IK2hdkcClient> JoinAsync(RingPass pass, CancellationToken cancellationToken)
    {
        var told = await new ControlPortRing([.. Nodes.Select(ControlOf)], time).ReadAsync(cancellationToken).ConfigureAwait(false);
        var full = configuration with
        {
            Group = told.Group,
            IdType = told.IdType,
            DeliveryMode = told.DeliveryMode,
            Replicas = told.Replicas,
            Servers = [.. told.Servers.Select(WithOwn)],
        };
        return await K2hdkcClientFactory.ConnectAsync(
            new K2hdkcClientOptions
            {
                Configuration = full,
                Transport = K2hdkcTransport.Managed,
                Cuk = pass.Cuk,
                MaxInFlightPerServer = 4,
                CallTimeout = TimeSpan.FromSeconds(5),
                TimeProvider = time
            },
            cancellationToken).ConfigureAwait(false);
    }

    // Names are what a server makes of its own address, so the seed counts, too. A server that this host's configuration does not know has
    // the same authority as the others.
    private RingNode WithOwn(RingNode told)
    {
        var own = configuration.Servers.FirstOrDefault(
            c => c.Port == told.Port && (c.Name == told.Name || (c.CustomSeed.Length > 0 && c.CustomSeed == told.CustomSeed)));
        if (own is not null) return told with { Tls = own.Tls, Endpoints = own.Endpoints.Count > 0 ? own.Endpoints : told.Endpoints };
        return told.Tls.IsEnabled && configuration.Servers.FirstOrDefault(c => c.Tls.IsEnabled)?.Tls is { } fellows
            ? told with { Tls = fellows }
            : told;
    }
}
