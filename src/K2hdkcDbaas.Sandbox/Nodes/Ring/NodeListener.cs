using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using K2hdkcDbaas.Sandbox.Nodes.Control;

namespace K2hdkcDbaas.Sandbox.Nodes.Ring;

/// <summary>The two ports of a node: PORT for slaves, CTLPORT for text commands.</summary>
internal sealed class NodeListener : IAsyncDisposable
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Socket, byte> _open = new();
    private readonly Socket _port;
    private readonly Socket _control;
    private readonly Admission _admission = new();
    private readonly NodeTls? _tls;
    private readonly NodeRing _ring;
    private readonly RingMember _node;

    private NodeListener(NodeRing ring, RingMember node, Socket port, Socket control)
    {
        _ring = ring;
        _node = node;
        _port = port;
        _control = control;
        if (node.Self.Tls.IsEnabled) _tls = NodeTls.Load(node.Self.Tls);
    }

    /// <summary>Opens both ports. Nothing is accepted until <see cref="Start"/>.</summary>
    /// <exception cref="IOException">A port is taken.</exception>
    public static NodeListener Open(NodeRing ring, RingMember node)
    {
        var port = Listen(node.Address, node.Self.Port);
        Socket? control = null;
        try
        {
            control = Listen(node.Address, node.Self.ControlPort);
            return new NodeListener(ring, node, port, control);
        }
        catch
        {
            port.Dispose();
            control?.Dispose();
            throw;
        }
    }

    public void Start()
    {
        _ = AcceptAsync(_port, ServeSlaveAsync);
        _ = AcceptAsync(_control,
            (socket, _) => ControlPort.ServeAsync(socket, line => ControlCommands.Answer(_ring, _node, line), _stop.Token));
    }

    /// <summary>Closes both ports and every connection at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _port.Dispose();
        _control.Dispose();
        foreach (var socket in _open.Keys) socket.Dispose();
        _tls?.Dispose();
    }

    private static Socket Listen(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (!OperatingSystem.IsWindows()) socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(512);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException($"Port {port} on {address} cannot be opened: {e.Message}", e);
        }
    }

    private async Task AcceptAsync(Socket listener, Func<Socket, IPAddress, Task> serve)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
                _open.TryAdd(socket, 0);
                _ = Task.Run(() => ServeAsync(socket, serve));
            }
            catch (SocketException) when (!_stop.IsCancellationRequested)
            {
                // One connection that ended before it was taken; or no descriptors for a moment.
                await Task.Delay(10, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket, Func<Socket, IPAddress, Task> serve)
    {
        try
        {
            socket.NoDelay = true;
            var peer = ((IPEndPoint)socket.RemoteEndPoint!).Address;
            await _admission.LookUpAsync(peer).ConfigureAwait(false);
            if (_admission.Knows(_node, peer)) await serve(socket, peer).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or AuthenticationException
            or OperationCanceledException)
        {
            // A connection that failed on the way; there is nobody to tell.
        }
        finally
        {
            _open.TryRemove(socket, out _);
            socket.Dispose();
        }
    }

    private async Task ServeSlaveAsync(Socket socket, IPAddress peer)
    {
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (_tls is not null)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            limit.CancelAfter(HandshakeTimeout);
            stream = await _tls.AcceptAsync(stream, limit.Token).ConfigureAwait(false);
        }

        using var session = new SlaveSession(_ring, _node, _admission, stream, peer);
        await session.RunAsync(_stop.Token).ConfigureAwait(false);
    }
}
