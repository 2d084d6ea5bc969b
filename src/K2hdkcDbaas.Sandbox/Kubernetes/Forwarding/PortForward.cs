using System.Globalization;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using K2hdkcDbaas.Sandbox.Kubernetes.Api;
using Microsoft.AspNetCore.Http.Features;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Forwarding;

/// <summary>pods/portforward: takes over the connection in the form that the client asks for.</summary>
internal static class PortForward
{
    private const string Tunnel = "SPDY/3.1+portforward.k8s.io";
    private const string Spdy = "SPDY/3.1";
    private const string SpdyProtocol = "portforward.k8s.io";
    private static readonly string[] Channels = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

    /// <summary>Serves a forwarding request until the client goes or the pod ends.</summary>
    /// <exception cref="KubeFault">400 for a request that is none.</exception>
    public static async Task ServeAsync(ApiRequest request, string address, CancellationToken podEnd)
    {
        var context = request.Context;
        if (context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true } upgrade)
            throw KubeFault.BadRequest("Upgrade request required");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(podEnd, context.RequestAborted);
        var kind = context.Request.Headers.Upgrade.ToString();
        if (kind.Equals(Spdy, StringComparison.OrdinalIgnoreCase))
        {
            if (!context.Request.Headers["X-Stream-Protocol-Version"].SelectMany(v => (v ?? "").Split(',', StringSplitOptions.TrimEntries))
                .Contains(SpdyProtocol))
                throw new KubeFault(403, "Forbidden", $"unable to upgrade: unable to negotiate protocol: server supports [{SpdyProtocol}]");
            context.Response.Headers.Upgrade = Spdy;
            context.Response.Headers.Connection = "Upgrade";
            context.Response.Headers["X-Stream-Protocol-Version"] = SpdyProtocol;
            var raw = await upgrade.UpgradeAsync().ConfigureAwait(false);
            await using (raw.ConfigureAwait(false)) await new SpdyForward(raw, address).ServeAsync(end.Token).ConfigureAwait(false);
            return;
        }
        if (!kind.Equals("websocket", StringComparison.OrdinalIgnoreCase)) throw KubeFault.BadRequest("Upgrade request required");
        var offered = context.Request.Headers.SecWebSocketProtocol.SelectMany(v => (v ?? "").Split(',', StringSplitOptions.TrimEntries))
            .ToList();
        var protocol = offered.Contains(Tunnel) ? Tunnel : Channels.FirstOrDefault(offered.Contains)
            ?? throw KubeFault.BadRequest($"no requested protocol is supported: {string.Join(", ", offered)}");
        List<int> ports = [];
        if (protocol != Tunnel)
        {
            foreach (var text in context.Request.Query["ports"].SelectMany(p => (p ?? "").Split(',')))
            {
                if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
                    throw KubeFault.BadRequest($"unable to parse \"{text}\" as a port");
                ports.Add(port);
            }
            if (ports.Count == 0) throw KubeFault.BadRequest("query parameter \"ports\" is required");
        }
        context.Response.Headers.Upgrade = "websocket";
        context.Response.Headers.Connection = "Upgrade";
        context.Response.Headers.SecWebSocketAccept = Accept(context.Request.Headers.SecWebSocketKey.ToString());
        context.Response.Headers.SecWebSocketProtocol = protocol;
        var wire = await upgrade.UpgradeAsync().ConfigureAwait(false);
        // The protocol is named in the headers already; the name of the tunnel would not pass for one here.
        using var socket = WebSocket.CreateFromStream(wire, new WebSocketCreationOptions { IsServer = true });
        if (protocol == Tunnel)
        {
            var stream = new MessageStream(socket);
            await using (stream.ConfigureAwait(false)) await new SpdyForward(stream, address).ServeAsync(end.Token).ConfigureAwait(false);
        }
        else
        {
            await new ChannelForward(socket, address, ports, protocol == Channels[0]).ServeAsync(end.Token).ConfigureAwait(false);
        }
    }

    // RFC 6455 names SHA-1 here; it protects nothing.
#pragma warning disable CA5350
    private static string Accept(string key) =>
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
}
