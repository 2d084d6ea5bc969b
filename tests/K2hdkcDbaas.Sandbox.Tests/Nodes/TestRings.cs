using System.Net;
using System.Net.Sockets;
using System.Text;
using K2hdkcDbaas.Sandbox.Nodes;

namespace K2hdkcDbaas.Sandbox.Tests.Nodes;

/// <summary>Rings for tests, with a limit for every wait.</summary>
internal static class TestRings
{
    public static CancellationToken Limit(int seconds = 30)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(seconds));
        return limit.Token;
    }

    public static Task<SandboxRing> StartAsync(int servers, CancellationToken ct, int replicas = 1) =>
        SandboxRing.StartAsync(new SandboxRingOptions { Servers = servers, Replicas = replicas }, ct);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Sends a line to a control port and reads until it closes.</summary>
    public static async Task<string> OrderAsync(SandboxRing ring, int node, string line, CancellationToken ct)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, ring.ControlPortOf(node), ct);
        var stream = client.GetStream();
        await stream.WriteAsync(Bytes(line), ct);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(ct);
    }

    public static async Task UntilAsync(Func<bool> condition, CancellationToken ct)
    {
        while (!condition()) await Task.Delay(5, ct);
    }
}
