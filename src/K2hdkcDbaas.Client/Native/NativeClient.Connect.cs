using K2hdkcDbaas.Client.Control;
using K2hdkcDbaas.Client.Managed;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Client.Native;

/// <content>Attaching to the local slave.</content>
internal sealed partial class NativeClient
{
    /// <summary>Attaches to the slave chmpx that runs with a configuration file.</summary>
    public static async Task<NativeClient> ConnectAsync(RingConfiguration configuration, K2hdkcClientOptions options,
        CancellationToken cancellationToken)
    {
        // The library reads the file itself, and looks up the slave's shared memory by what is in it.
        var path = options.ConfigurationPath
            ?? throw ClientErrors.InvalidOptions("The native transport needs the configuration file of the slave chmpx.",
                "Give its path, or use the managed transport.");
        var cuk = options.Cuk ?? (configuration.SelfCuk.Length > 0 ? configuration.SelfCuk : null);
        var session = await NativeSession.OpenAsync(Path.GetFullPath(path), configuration.Group, SlavePort(configuration, options),
            cuk, options, cancellationToken).ConfigureAwait(false);
        try
        {
            Func<CancellationToken, Task<RingSnapshot>> look = token => SnapshotAsync(configuration, options, token);
            return new NativeClient(session, await look(cancellationToken).ConfigureAwait(false), look, options.TimeProvider);
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // The library finds the slave by its control port, and does not look further than the configuration's own.
    private static int SlavePort(RingConfiguration configuration, K2hdkcClientOptions options) =>
        options.ControlPort
            ?? (configuration.ControlPort > 0 && !configuration.IsServer
                ? configuration.ControlPort
                : configuration.Slaves.Select(s => s.ControlPort).FirstOrDefault(p => p > 0, -1));

    private static async Task<RingSnapshot> SnapshotAsync(RingConfiguration configuration, K2hdkcClientOptions options,
        CancellationToken cancellationToken)
    {
        var servers = await AskAsync(configuration, options, cancellationToken).ConfigureAwait(false)
            ?? configuration.Servers.Select(
                n => new ServerRecord
                {
                    Id = 0,
                    Name = n.Name,
                    Port = n.Port,
                    ControlPort = n.ControlPort,
                    Cuk = n.Cuk,
                    CustomSeed = n.CustomSeed
                });
        return new RingSnapshot(configuration.Group, ClientState.Connected,
            servers.Select(s => new RingServer(s with { Id = s.ComputeId(configuration.IdType, configuration.Group) }, IsConnected: false))
                .ToArray())
        {
            DeliveryMode = configuration.DeliveryMode,
            Replicas = configuration.Replicas,
        };
    }

    // libk2hdkc tells nothing of the ring; control ports do: the slave's, or a server's where that does not answer this host.
    private static async Task<IReadOnlyList<ServerRecord>?> AskAsync(RingConfiguration configuration, K2hdkcClientOptions options,
        CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = options.TimeProvider.CreateTimer(_ => limit.Cancel(), null, options.ConnectTimeout, Timeout.InfiniteTimeSpan);
        foreach (var port in configuration.Servers.Select(s => new HostPort(s.Name, s.ControlPort))
            .Prepend(new HostPort("localhost", SlavePort(configuration, options))).Where(p => p.Port > 0))
        {
            try
            {
                var status = await new ControlPortClient(port, options.ConnectTimeout, options.TimeProvider)
                    .GetAllStatusAsync(limit.Token).ConfigureAwait(false);
                if (status.Group == configuration.Group) return status.Servers;
            }
            catch (Exception e) when (e is DbaasException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                // The next one may say more; at last the configuration does.
            }
        }

        return null;
    }
}
