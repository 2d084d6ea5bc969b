using System.Net;
using System.Net.Sockets;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Forwarding;

/// <summary>Connections to pods' ports.</summary>
internal static class PodSocket
{
    public static async Task<Socket> ConnectAsync(string address, int port, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(address), port), ct).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        while (content.Length > 0) content = content[await socket.SendAsync(content, SocketFlags.None, ct).ConfigureAwait(false)..];
    }

    /// <summary>The kubelet's text on the error stream.</summary>
    public static string Refusal(string address, int port, SocketException e) =>
        $"failed to connect to {address}:{port} inside namespace, IPv4: dial tcp4 {address}:{port}: connect: "
            + $"{(e.SocketErrorCode == SocketError.ConnectionRefused ? "connection refused" : e.Message)}";
}
