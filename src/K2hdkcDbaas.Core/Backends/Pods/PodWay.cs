using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using K2hdkcDbaas.Kubernetes;
using K2hdkcDbaas.Protocol;
using K2hdkcDbaas.Protocol.Configuration;

namespace K2hdkcDbaas.Core.Backends.Pods;

/// <summary>How this host reaches pods: by their addresses, or through the API server where these lead nowhere.</summary>
internal sealed class PodWay(KubernetesConnection api, PodAccess access, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan KnockLimit = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(2);

    private readonly PodForwards _forwards = new(api);
    private readonly ConcurrentDictionary<string, string> _podsByAddress = new(StringComparer.Ordinal);
    private (long At, bool IsDirect)? _found;

    /// <summary>Learns which pod has which address.</summary>
    public void Learn(IReadOnlyList<NodePod> pods)
    {
        foreach (var pod in pods)
        {
            if (pod.Address is { } address) _podsByAddress[address] = pod.Name;
        }
    }

    /// <summary>Adds the way to a ring's configuration.</summary>
    public async Task<RingConfiguration> LeadAsync(string cluster, RingConfiguration ring, CancellationToken cancellationToken)
    {
        if (ring.Servers.Count == 0 || await IsDirectAsync(ring, cancellationToken).ConfigureAwait(false)) return ring;
        Learn(await api.GetPodsAsync(cluster, cancellationToken).ConfigureAwait(false));
        return ring with
        {
            Route = Route,
            Servers = [.. ring.Servers.Select(
                s => s with { Endpoints = Led(s.Name, s.Port), ControlEndpoints = Led(s.Name, s.ControlPort) })],
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _forwards.Dispose();

    private IReadOnlyList<HostPort> Led(string host, int port)
    {
        var address = new HostPort(host, port);
        return Route(address) is var led && led != address ? [led] : [];
    }

    // A server is known by its pod's address, or by the name that DNS makes of it: the pod's, with the service after it.
    private HostPort Route(HostPort address)
    {
        var pod = _podsByAddress.GetValueOrDefault(address.Host)
            ?? (address.Host.StartsWith("svrpod-", StringComparison.Ordinal) ? address.Host.Split('.')[0] : null);
        return pod is null || address.Port <= 0
            ? address
            : new HostPort(IPAddress.Loopback.ToString(), _forwards.PortFor(pod, address.Port));
    }

    private async Task<bool> IsDirectAsync(RingConfiguration ring, CancellationToken cancellationToken)
    {
        if (access != PodAccess.Auto) return access == PodAccess.Direct;
        if (_found is { } found && time.GetElapsedTime(found.At) < Memory) return found.IsDirect;
        var knocks = await Task.WhenAll(ring.Servers.Select(s => KnockAsync(s.Name, s.ControlPort, cancellationToken))).ConfigureAwait(
            false);
        var isDirect = knocks.Contains(true);
        _found = (time.GetTimestamp(), isDirect);
        return isDirect;
    }

    private async Task<bool> KnockAsync(string host, int port, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = time.CreateTimer(_ => limit.Cancel(), null, KnockLimit, Timeout.InfiniteTimeSpan);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(host, port, limit.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
