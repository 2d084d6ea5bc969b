using System.Buffers;
using System.Net.Sockets;
using System.Text;

namespace K2hdkcDbaas.Sandbox.Nodes.Control;

/// <summary>The text port of a node: one command line in, one answer out, then the connection closes.</summary>
internal static class ControlPort
{
    private const int LongestCommand = 8191;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task ServeAsync(Socket socket, Func<string, string> answer, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        var buffer = ArrayPool<byte>.Shared.Rent(LongestCommand);
        try
        {
            // What comes in the first piece is the command; nothing marks its end.
            var read = await socket.ReceiveAsync(buffer.AsMemory(0, LongestCommand), limit.Token).ConfigureAwait(false);
            if (read == 0) return;
            var text = buffer.AsSpan(0, read);
            var end = text.IndexOf((byte)0);
            var reply = Encoding.UTF8.GetBytes(answer(Encoding.UTF8.GetString(end < 0 ? text : text[..end])));
            for (var at = 0; at < reply.Length;) at += await socket.SendAsync(reply.AsMemory(at), limit.Token).ConfigureAwait(false);
            socket.Shutdown(SocketShutdown.Send);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
