using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using K2hdkcDbaas.Sandbox.Kubernetes.Forwarding;

namespace K2hdkcDbaas.Sandbox.Tests.Kubernetes;

/// <summary>Port forwarding over a WebSocket with channels, and the unpacking that SPDY needs.</summary>
public sealed class PortForwardTests
{
    [Theory]
    [InlineData("v4.channel.k8s.io")]
    [InlineData("v5.channel.k8s.io")]
    public async Task Bytes_go_both_ways_through_the_api_server(string protocol)
    {
        await using var kube = await Kube.StartAsync();
        await kube.MustAsync("POST", "/api/v1/namespaces/demo/pods", Kube.Pod("p"));
        var pod = await kube.UntilAsync("/api/v1/namespaces/demo/pods/p", p => Kube.Word(p, "status", "phase") == "Running");
        using var listener = new TcpListener(IPAddress.Parse(Kube.Word(pod, "status", "podIP")), 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(protocol);
        using var handler = new SocketsHttpHandler { UseProxy = false, SslOptions = kube.Tls("demo") };
        using var invoker = new HttpMessageInvoker(handler);
        await socket.ConnectAsync(new Uri($"wss://{kube.Server.Authority}/api/v1/namespaces/demo/pods/p/portforward?ports={port}&ports=1"),
            invoker, Kube.Ct);
        Assert.Equal(protocol, socket.SubProtocol);
        using var served = await listener.AcceptSocketAsync(Kube.Ct);
        var seen = new Dictionary<int, List<byte>>();
        async Task ReadAsync(Func<bool> until)
        {
            var buffer = new byte[1024];
            while (!until())
            {
                var got = await socket.ReceiveAsync(buffer.AsMemory(), Kube.Ct);
                if (got.MessageType == WebSocketMessageType.Close) return;
                if (!seen.TryGetValue(buffer[0], out var bytes)) seen[buffer[0]] = bytes = [];
                bytes.AddRange(buffer[1..got.Count]);
            }
        }

        await ReadAsync(() => seen.GetValueOrDefault(3)?.Count > 2);
        Assert.Equal([(byte)port, (byte)(port >> 8)], seen[0]);
        Assert.Contains("connection refused", Encoding.UTF8.GetString(seen[3].ToArray().AsSpan(2)), StringComparison.Ordinal);
        await socket.SendAsync(new byte[] { 0, 1, 2, 3 }, WebSocketMessageType.Binary, true, Kube.Ct);
        var received = new byte[3];
        Assert.Equal(3, await served.ReceiveAsync(received, SocketFlags.None, Kube.Ct));
        Assert.Equal([1, 2, 3], received);
        await served.SendAsync(new byte[] { 7, 8 }, SocketFlags.None, Kube.Ct);
        await ReadAsync(() => seen[0].Count == 4);
        Assert.Equal([7, 8], seen[0][2..]);
        served.Shutdown(SocketShutdown.Both);
        served.Close();
        await ReadAsync(() => false);
        if (protocol.StartsWith("v5", StringComparison.Ordinal)) Assert.Equal([0], seen[255]);
    }

    [Theory]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.SmallestSize)]
    [InlineData(CompressionLevel.NoCompression)]
    public void What_zlib_packed_is_unpacked_piece_by_piece(CompressionLevel level)
    {
        using var packed = new MemoryStream();
        var inflater = new Inflater(ReadOnlyMemory<byte>.Empty);
        using var zip = new ZLibStream(packed, level, leaveOpen: true);
        var random = new Random(7);
        for (var piece = 0; piece < 30; piece++)
        {
            var plain = Encoding.ASCII.GetBytes(
                string.Concat(Enumerable.Range(0, random.Next(1, 3000)).Select(_ => "streamtype: data port 8020 "[random.Next(27)])));
            packed.SetLength(0);
            zip.Write(plain);
            zip.Flush();
            Assert.Equal(plain, inflater.Next(packed.ToArray()));
        }
    }

    [Fact]
    public void Garbage_is_refused()
    {
        Assert.Throws<InvalidDataException>(() => new Inflater(ReadOnlyMemory<byte>.Empty).Next(new byte[] { 1, 2, 3, 4 }));
        Assert.Throws<InvalidDataException>(() => new SpdyHeaders().Read(new byte[] { 0x78, 0x01, 0x07 }));
    }
}
