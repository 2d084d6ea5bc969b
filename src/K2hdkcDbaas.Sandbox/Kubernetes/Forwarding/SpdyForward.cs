using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Forwarding;

/// <summary>
/// Port forwarding over SPDY/3.1 (protocol portforward.k8s.io), as kubectl does it: for each connection an error stream and a data stream
/// with the headers streamType, port and requestID.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001",
    Justification = "A SemaphoreSlim whose wait handle is not used holds nothing to dispose of.")]
internal sealed class SpdyForward(Stream wire, string address)
{
    private const int MaxFrame = 1 << 24;
    private const int SynStream = 1, SynReply = 2, RstStream = 3, Ping = 6, GoAway = 7;
    private const byte Fin = 1;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly SpdyHeaders _headers = new();
    private readonly ConcurrentDictionary<int, Socket> _data = new();
    private readonly ConcurrentDictionary<string, int> _errors = new(StringComparer.Ordinal);

    /// <summary>Serves until the client goes.</summary>
    public async Task ServeAsync(CancellationToken ct)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            var head = new byte[8];
            while (await wire.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false,
                end.Token).ConfigureAwait(false) == head.Length)
            {
                var length = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(4)) & 0xffffff;
                if (length >= MaxFrame) return;
                var body = new byte[length];
                await wire.ReadExactlyAsync(body, end.Token).ConfigureAwait(false);
                if ((head[0] & 0x80) == 0)
                    await DataAsync(BinaryPrimitives.ReadInt32BigEndian(head), body, (head[4] & Fin) != 0, end.Token).ConfigureAwait(false);
                else if (!await ControlAsync(BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(2)), head[4], body,
                    end.Token).ConfigureAwait(false)) return;
            }
        }
        catch (Exception e)
            when (e is IOException or InvalidDataException || (e is OperationCanceledException && end.IsCancellationRequested))
        {
            // The client is gone, or speaks something else.
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            foreach (var socket in _data.Values) socket.Dispose();
        }
    }

    private async Task<bool> ControlAsync(int type, byte flags, byte[] body, CancellationToken ct)
    {
        switch (type)
        {
            case SynStream:
                var id = BinaryPrimitives.ReadInt32BigEndian(body) & int.MaxValue;
                var headers = _headers.Read(body.AsMemory(10));
                await SendAsync(SynReply, 0, [.. Number(id), .. _headers.WriteEmpty()], ct).ConfigureAwait(false);
                await OpenAsync(id, headers, (flags & Fin) != 0, ct).ConfigureAwait(false);
                return true;
            case Ping:
                await SendAsync(Ping, 0, body, ct).ConfigureAwait(false);
                return true;
            case RstStream:
                if (_data.TryRemove(BinaryPrimitives.ReadInt32BigEndian(body) & int.MaxValue, out var socket)) socket.Dispose();
                return true;
            default:
                return type != GoAway;
        }
    }

    private async Task OpenAsync(int id, Dictionary<string, string> headers, bool isFinished, CancellationToken ct)
    {
        var request = headers.GetValueOrDefault("requestid") ?? headers.GetValueOrDefault("port") ?? "";
        switch (headers.GetValueOrDefault("streamtype"))
        {
            case "error":
                _errors[request] = id;
                break;
            case "data" when int.TryParse(headers.GetValueOrDefault("port"), NumberStyles.None, CultureInfo.InvariantCulture, out var port):
                try
                {
                    _data[id] = await PodSocket.ConnectAsync(address, port, ct).ConfigureAwait(false);
                    if (isFinished) _data[id].Shutdown(SocketShutdown.Send);
                    _ = PumpAsync(id, _data[id], request, ct);
                }
                catch (SocketException e)
                {
                    await EndAsync(request, PodSocket.Refusal(address, port, e), ct).ConfigureAwait(false);
                    await SendDataAsync(id, ReadOnlyMemory<byte>.Empty, true, ct).ConfigureAwait(false);
                }
                break;
            default:
                await SendAsync(RstStream, 0, [.. Number(id), .. Number(1)], ct).ConfigureAwait(false);
                break;
        }
    }

    private async Task DataAsync(int id, byte[] body, bool isLast, CancellationToken ct)
    {
        if (!_data.TryGetValue(id, out var socket)) return;
        try
        {
            if (body.Length > 0) await PodSocket.SendAsync(socket, body, ct).ConfigureAwait(false);
            if (isLast) socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The pod closed: its end reaches the client by the pump.
        }
    }

    private async Task PumpAsync(int id, Socket socket, string request, CancellationToken ct)
    {
        var buffer = new byte[32 * 1024];
        try
        {
            int read;
            while ((read = await socket.ReceiveAsync(buffer, SocketFlags.None, ct).ConfigureAwait(false)) > 0)
                await SendDataAsync(id, buffer.AsMemory(0, read), false, ct).ConfigureAwait(false);
            await SendDataAsync(id, ReadOnlyMemory<byte>.Empty, true, ct).ConfigureAwait(false);
            await EndAsync(request, null, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException or OperationCanceledException)
        {
            if (ct.IsCancellationRequested) return;
            try
            {
                await SendDataAsync(id, ReadOnlyMemory<byte>.Empty, true, ct).ConfigureAwait(false);
                await EndAsync(request, null, ct).ConfigureAwait(false);
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException)
            {
                // So is the client.
            }
        }
        finally
        {
            _data.TryRemove(id, out _);
            socket.Dispose();
        }
    }

    private async Task EndAsync(string request, string? error, CancellationToken ct)
    {
        if (_errors.TryRemove(request, out var id))
            await SendDataAsync(id, error is null ? ReadOnlyMemory<byte>.Empty : Encoding.UTF8.GetBytes(error),
                true, ct).ConfigureAwait(false);
    }

    private Task SendDataAsync(int id, ReadOnlyMemory<byte> content, bool isLast, CancellationToken ct) =>
        WriteAsync([.. Number(id), .. Number(content.Length | (isLast ? Fin << 24 : 0))], content, ct);

    private Task SendAsync(int type, byte flags, byte[] body, CancellationToken ct) =>
        WriteAsync([0x80, 3, 0, (byte)type, .. Number(body.Length | flags << 24)], body, ct);

    private async Task WriteAsync(byte[] head, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        await _turn.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            await wire.WriteAsync((byte[])[.. head, .. content.Span], ct).ConfigureAwait(false);
            await wire.FlushAsync(ct).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
