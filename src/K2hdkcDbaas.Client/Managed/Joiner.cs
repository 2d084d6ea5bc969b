using System.Net;
using K2hdkcDbaas.Client.Control;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Control;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Client.Managed;

/// <summary>A server that has let this client in, and what it says of the ring.</summary>
internal sealed record JoinedServer(ServerConnection Connection, SlaveIdentity Identity, IReadOnlyList<ServerRecord> Servers);

/// <summary>
/// Brings one connection from dialling to membership: versions, introduction, the list of servers. Servers answer a wrong id of theirs with
/// silence and a wrong id of ours with a refusal, so both are found by trying where the configuration leaves them open.
/// </summary>
internal sealed class Joiner(RingConfiguration configuration, K2hdkcClientOptions options, IDialer dialer) : IDisposable
{
    private const ulong NewestProtocol = 2;
    private const int MaxIdentities = 24;

    private readonly string _uniqueSeed = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";
    private readonly Dictionary<ulong, IdentityLease> _leases = [];
    private IReadOnlyList<string>? _hostNames;

    /// <summary>Joins one server.</summary>
    /// <param name="address">The server.</param>
    /// <param name="known">The identity that the ring has accepted before; null at first.</param>
    /// <param name="open">Makes a connection for an identity.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<JoinedServer> JoinAsync(
        ServerAddress address, SlaveIdentity? known, Func<string, ulong, Stream, ServerConnection> open,
        CancellationToken cancellationToken)
    {
        if (known is not null)
        {
            var dialed = await DialAsync(address, cancellationToken).ConfigureAwait(false);
            return await IntroduceAsync(address, known, dialed, open, cancellationToken).ConfigureAwait(false)
                ?? throw ClientErrors.AdmissionRefused(address.Display, configuration.Group, known.ToString());
        }

        var first = await DialAsync(address, cancellationToken).ConfigureAwait(false);
        var candidates =
            SlaveIdentity.Candidates(configuration, options, _uniqueSeed,
                await HostNamesAsync(first.LocalAddress, cancellationToken).ConfigureAwait(false));
        if (candidates.Count == 0)
        {
            await first.Stream.DisposeAsync().ConfigureAwait(false);
            throw ClientErrors.InvalidOptions("The ring makes node ids from CUKs, and this client has none.",
                "Give a CUK that the ring's slave entries allow, and that no other client uses.");
        }

        DialedStream? stream = first;
        foreach (var identity in candidates.Take(MaxIdentities))
        {
            if (!MayUse(identity)) continue;
            // A refusal ends the connection, so each identity needs one of its own.
            stream ??= await DialAsync(address, cancellationToken).ConfigureAwait(false);
            var joined = await IntroduceAsync(address, identity, stream.Value, open, cancellationToken).ConfigureAwait(false);
            if (joined is not null) return joined;
            stream = null;
        }

        if (stream is not null) await stream.Value.Stream.DisposeAsync().ConfigureAwait(false);
        throw ClientErrors.AdmissionRefused(address.Display, configuration.Group, string.Join("; ", candidates.Take(MaxIdentities)));
    }

    public void Dispose()
    {
        lock (_leases)
        {
            foreach (var lease in _leases.Values) lease.Dispose();
            _leases.Clear();
        }
    }

    // Seeds and CUKs are unique by themselves; ids made from names are not.
    private bool MayUse(SlaveIdentity identity)
    {
        if (configuration.IdType is NodeIdType.Custom or NodeIdType.Cuk) return true;
        lock (_leases)
        {
            if (_leases.ContainsKey(identity.Id)) return true;
            if (IdentityLease.TryTake(identity.Id) is not { } lease) return false;
            _leases.Add(identity.Id, lease);
            return true;
        }
    }

    // A name server that is away must hold up neither a ring that asks for no names nor, for long, one that does.
    private async Task<IReadOnlyList<string>> HostNamesAsync(IPAddress? local, CancellationToken cancellationToken)
    {
        if (_hostNames is not null) return _hostNames;
        if (!SlaveIdentity.NeedsHostNames(configuration, options)) return [Dns.GetHostName()];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = options.TimeProvider.CreateTimer(_ => limit.Cancel(), null, options.ConnectTimeout, Timeout.InfiniteTimeSpan);
        var names = await SlaveIdentity.HostNamesAsync(local, limit.Token).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return limit.IsCancellationRequested ? names : _hostNames = names;
    }

    private async Task<DialedStream> DialAsync(ServerAddress address, CancellationToken cancellationToken)
    {
        DbaasException? last = null;
        foreach (var place in address.Addresses)
        {
            try
            {
                return await dialer.DialAsync(place, address.Tls, cancellationToken).ConfigureAwait(false);
            }
            catch (DbaasException e)
            {
                last = e;
            }
        }

        throw last ?? ClientErrors.RingUnavailable(configuration.Group, [address.Display], null);
    }

    /// <returns>Null when the server refuses this identity; the stream is closed then.</returns>
    private async Task<JoinedServer?> IntroduceAsync(
        ServerAddress address, SlaveIdentity identity, DialedStream dialed, Func<string, ulong, Stream, ServerConnection> open,
        CancellationToken cancellationToken)
    {
        var connection = open(address.Display, identity.Id, dialed.Stream);
        connection.Start();
        try
        {
            connection.ServerId = address.LikelyIds.Count > 0 ? address.LikelyIds[0] : 0;
            connection.ProtocolVersion = await AgreeOnVersionAsync(connection, cancellationToken).ConfigureAwait(false);
            if (!await IntroduceAsync(connection, address, identity, cancellationToken).ConfigureAwait(false))
            {
                await connection.DisposeAsync().ConfigureAwait(false);
                return null;
            }

            var (question, answer) = connection.ProtocolVersion >= NewestProtocol
                ? (ControlMessageType.StatusRequest, ControlMessageType.StatusResponse)
                : (ControlMessageType.StatusRequestV1, ControlMessageType.StatusResponseV1);
            var status = await connection.AskAsync(new EmptyMessage(question), answer, options.HandshakeTimeout,
                cancellationToken).ConfigureAwait(false);
            if (status is not ServerListMessage { IsFailure: false } list)
                throw new ProtocolException($"The server {address.Display} gave no list of the ring's servers.");
            return new JoinedServer(connection, identity, list.Servers);
        }
        catch (ConnectionLostException e) when (address.Tls.IsEnabled)
        {
            // With TLS 1.3 the server checks our certificate after our side of the handshake is through, and says no on the first read.
            await connection.DisposeAsync().ConfigureAwait(false);
            throw ClientErrors.TlsEnded(address.Display, e);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // Servers before 1.0.71 know no versions: they refuse or stay silent, and speak the first protocol.
    private async Task<ulong> AgreeOnVersionAsync(ServerConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await connection.AskAsync(
                new EmptyMessage(ControlMessageType.VersionRequest), ControlMessageType.VersionResponse, options.HandshakeTimeout,
                cancellationToken).ConfigureAwait(false);
            return answer is VersionResponse version
                ? Math.Clamp(Math.Min(version.ProtocolVersion, version.CurrentVersion), 1, NewestProtocol)
                : 1;
        }
        catch (DbaasException e) when (e.ErrorId == K2hdkcErrors.RingUnavailable && connection.IsOpen)
        {
            return 1;
        }
    }

    private async Task<bool> IntroduceAsync(ServerConnection connection, ServerAddress address, SlaveIdentity identity,
        CancellationToken cancellationToken)
    {
        var request = connection.ProtocolVersion >= NewestProtocol ? identity.ToRequest() : identity.ToRequest().ToV1();
        var answer = connection.ProtocolVersion >= NewestProtocol
            ? ControlMessageType.ConnectResponse
            : ControlMessageType.ConnectResponseV1;
        DbaasException? silence = null;
        await foreach (var id in ServerIdsAsync(address, cancellationToken).ConfigureAwait(false))
        {
            connection.ServerId = id;
            try
            {
                return !(await connection.AskAsync(request, answer, options.HandshakeTimeout,
                    cancellationToken).ConfigureAwait(false)).IsFailure;
            }
            catch (DbaasException e) when (e.Kind == ErrorKind.Timeout && connection.IsOpen)
            {
                // Not this server's id; the same connection takes another introduction.
                silence = e;
            }
        }

        throw silence ?? ClientErrors.Silent(address.Display,
            "the introduction: its id follows neither from the configuration nor from its control port");
    }

    // The control port's word comes first where names decide: the server may expand "localhost" or know itself by another name.
    private async IAsyncEnumerable<ulong> ServerIdsAsync(ServerAddress address,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (address.Id is { } certain)
        {
            yield return certain;
            yield break;
        }

        var byName = configuration.IdType is NodeIdType.Name or NodeIdType.ControlEndpoints;
        var told = byName || address.LikelyIds.Count == 0
            ? await AskControlPortAsync(address, cancellationToken).ConfigureAwait(false)
            : null;
        if (told is { } first) yield return first;
        foreach (var likely in address.LikelyIds)
            if (likely != told) yield return likely;
        if (told is not null || byName || address.LikelyIds.Count == 0) yield break;
        if (await AskControlPortAsync(address, cancellationToken).ConfigureAwait(false) is { } last && !address.LikelyIds.Contains(last))
            yield return last;
    }

    private async Task<ulong?> AskControlPortAsync(ServerAddress address, CancellationToken cancellationToken)
    {
        if (address.Control.Port <= 0) return null;
        try
        {
            var control = new ControlPortClient(options.Configuration?.Route?.Invoke(address.Control) ?? address.Control,
                options.ConnectTimeout, options.TimeProvider);
            return (await control.GetSelfStatusAsync(cancellationToken).ConfigureAwait(false)).Id;
        }
        catch (DbaasException)
        {
            // A control port may be closed to this host; the ids that the configuration yields are tried then.
            return null;
        }
    }
}
