using System.Buffers.Binary;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Forwarding;

/// <summary>
/// Port forwarding over a WebSocket with channels (v4.channel.k8s.io and v5.channel.k8s.io), as KubernetesClient does it: for the n-th port
/// channel 2n carries data and 2n+1 errors; each begins with the port, two bytes, low one first. In v5 message 255 closes a channel.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001",
    Justification = "A SemaphoreSlim whose wait handle is not used holds nothing to dispose of.")]
internal sealed class ChannelForward(WebSocket socket, string address, IReadOnlyList<int> ports, bool hasClose)
{
    private const int CloseChannel = 255;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Socket?[] _targets = new Socket?[ports.Count];

    /// <summary>Serves until the client goes, or all connections have ended.</summary>
    public async Task ServeAsync(CancellationToken ct)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            var pumps = new List<Task>();
            for (var i = 0; i < ports.Count; i++)
            {
                var port = new byte[2];
                BinaryPrimitives.WriteUInt16LittleEndian(port, (ushort)ports[i]);
                await SendAsync(2 * i, port, end.Token).ConfigureAwait(false);
                await SendAsync((2 * i) + 1, port, end.Token).ConfigureAwait(false);
                try
                {
                    _targets[i] = await PodSocket.ConnectAsync(address, ports[i], end.Token).ConfigureAwait(false);
                    pumps.Add(PumpAsync(i, _targets[i]!, end.Token));
                }
                catch (SocketException e)
                {
                    await SendAsync((2 * i) + 1, Encoding.UTF8.GetBytes(PodSocket.Refusal(address, ports[i], e)),
                        end.Token).ConfigureAwait(false);
                }
            }
            var reading = ReadAsync(end.Token);
            await Task.WhenAny(reading, Task.WhenAll(pumps)).ConfigureAwait(false);
            if (!reading.IsCompleted)
            {
                await _turn.WaitAsync(end.Token).ConfigureAwait(false);
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", end.Token).ConfigureAwait(false);
            }
            await reading.WaitAsync(TimeSpan.FromSeconds(1), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
            when (e is WebSocketException or IOException or TimeoutException
                || (e is OperationCanceledException && end.IsCancellationRequested))
        {
            // The client is gone.
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            foreach (var target in _targets) target?.Dispose();
        }
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        var buffer = new byte[64 * 1024];
        var channel = -1;
        while (true)
        {
            var got = await socket.ReceiveAsync(buffer.AsMemory(), ct).ConfigureAwait(false);
            if (got.MessageType == WebSocketMessageType.Close) return;
            var content = buffer.AsMemory(0, got.Count);
            // A message may come in parts; the channel stands in the first.
            if (channel < 0 && got.Count > 0)
            {
                channel = buffer[0];
                content = content[1..];
            }
            if (hasClose && channel == CloseChannel && content.Length > 0)
            {
                if (Target(content.Span[0]) is { } closed) Quietly(() => closed.Shutdown(SocketShutdown.Send));
            }
            else if (content.Length > 0 && Target(channel) is { } target)
            {
                try
                {
                    await PodSocket.SendAsync(target, content, ct).ConfigureAwait(false);
                }
                catch (Exception e) when (e is SocketException or ObjectDisposedException)
                {
                    // The pod closed: its end reaches the client by the pump.
                }
            }
            if (got.EndOfMessage) channel = -1;
        }
    }

    private Socket? Target(int channel) => channel >= 0 && channel % 2 == 0 && channel / 2 < _targets.Length ? _targets[channel / 2] : null;

    private static void Quietly(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
    }

    private async Task PumpAsync(int index, Socket target, CancellationToken ct)
    {
        var buffer = new byte[32 * 1024];
        try
        {
            int read;
            while ((read = await target.ReceiveAsync(buffer, SocketFlags.None, ct).ConfigureAwait(false)) > 0)
                await SendAsync(2 * index, buffer.AsMemory(0, read), ct).ConfigureAwait(false);
            if (hasClose) await SendAsync(CloseChannel, new[] { (byte)(2 * index) }, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // A broken connection ends as one that was closed.
        }
    }

    private async Task SendAsync(int channel, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        await _turn.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            await socket.SendAsync((byte[])[(byte)channel, .. content.Span], WebSocketMessageType.Binary, endOfMessage: true,
                ct).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }
}
