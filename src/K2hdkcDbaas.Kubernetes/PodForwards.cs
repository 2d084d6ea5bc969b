using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Kubernetes;

/// <summary>
/// Ports of pods at ports of this machine's loopback, through the API server (<c>pods/portforward</c>), as <c>kubectl port-forward</c> has
/// them. A pod sees these connections come from its own loopback. Thread-safe; each port is opened when it is first asked for, and closed
/// with this object.
/// </summary>
/// <param name="connection">The way to the API server.</param>
public sealed class PodForwards(KubernetesConnection connection) : IDisposable
{
    private readonly ConcurrentDictionary<(string Pod, int Port), Lazy<TcpListener>> _listeners = new();
    private readonly CancellationTokenSource _closing = new();

    /// <summary>The port of this machine's loopback that leads to a pod's port.</summary>
    /// <param name="pod">The pod's name.</param>
    /// <param name="port">Its port.</param>
    public int PortFor(string pod, int port)
    {
        var listener = _listeners.GetOrAdd((pod, port), key => new Lazy<TcpListener>(() => Listen(key.Pod, key.Port))).Value;
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_closing.IsCancellationRequested) return;
        _closing.Cancel();
        foreach (var listener in _listeners.Values.Where(l => l.IsValueCreated)) listener.Value.Dispose();
        _closing.Dispose();
    }

    private TcpListener Listen(string pod, int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var token = _closing.Token;
        _ = Task.Run(() => AcceptAsync(listener, pod, port, token), token);
        return listener;
    }

    private async Task AcceptAsync(TcpListener listener, string pod, int port, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync(cancellationToken).ConfigureAwait(false);
                socket.NoDelay = true;
                _ = Task.Run(() => ServeAsync(socket, pod, port, cancellationToken), cancellationToken);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    // What fails here is seen by whoever connected as a connection that ends.
    private async Task ServeAsync(Socket socket, string pod, int port, CancellationToken cancellationToken)
    {
        try
        {
            var near = new NetworkStream(socket, ownsSocket: true);
            await using var _ = near.ConfigureAwait(false);
            var far = await connection.OpenPortAsync(pod, port, cancellationToken).ConfigureAwait(false);
            await using var __ = far.ConfigureAwait(false);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var there = near.CopyToAsync(far, over.Token);
            var back = far.CopyToAsync(near, over.Token);
            // When the pod ends the connection all is said; when this side does, nobody waits for an answer any more.
            await Task.WhenAny(there, back).ConfigureAwait(false);
            await over.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(there, back).ConfigureAwait(false);
        }
        catch (Exception e) when (e is DbaasException or OperationCanceledException or IOException or SocketException
            or ObjectDisposedException or WebSocketException)
        {
            socket.Dispose();
        }
    }
}
