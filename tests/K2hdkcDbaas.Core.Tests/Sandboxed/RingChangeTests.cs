using System.Text;
using K2hdkcDbaas.Client.Control;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Ring;
using K2hdkcDbaas.Protocol;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Sandbox;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

public class RingChangeTests : SandboxedTest
{
    private const int Keys = 300;

    private protected override SandboxOptions Options => new() { Speed = 1 };

    [Fact]
    public async Task A_node_out_and_in_again_hides_nothing_and_leaves_no_copies_behind()
    {
        var cluster = await Backend.CreateClusterAsync(new NewCluster("demo") { ServerCount = 3, Nodes = Small }, Waiting,
            CancellationToken.None);
        await InServiceAsync(cluster);
        var source = new ClusterRing(Session, Backend, "demo");
        await using (var data =
            await DataConnection.OpenAsync(source, new DataConnectionOptions { Register = true }, Observer, CancellationToken.None))
        {
            for (var i = 0; i < Keys; i++) await data.Client.SetAsync(Key(i), new byte[] { (byte)i }, null, CancellationToken.None);
            var ring = await RingController.OpenAsync(source, TimeProvider.System, CancellationToken.None);
            var node = ring.Nodes[1];

            await ring.DisableAsync(node, Waiting, CancellationToken.None);
            await SoundAsync(ring);
            for (var i = 0; i < Keys; i++)
                Assert.Equal((byte)i, (await data.Client.GetAsync(Key(i), null, CancellationToken.None)).Value.Span[0]);

            await ring.EnableAsync(node, Waiting, CancellationToken.None);
            await SoundAsync(ring);
            Assert.Equal(0, (await ring.SyncAsync(Waiting, CancellationToken.None)).Written);

            // A queue's marker lives by the queue's name, not by its own; a list of subkeys is told by content, not by time.
            var queue = Encoding.UTF8.GetBytes("queue-of-tests");
            for (var i = 0; i < 5; i++) await data.Client.PushAsync(queue, new byte[] { (byte)i }, null, CancellationToken.None);
            await data.Client.AddSubkeyAsync(Key(0), Key(1), new byte[] { 1 }, null, CancellationToken.None);
            await ring.DisableAsync(node, Waiting, CancellationToken.None);
            await ring.EnableAsync(node, Waiting, CancellationToken.None);
            for (var i = 0; i < 5; i++)
                Assert.Equal((byte)i, (await data.Client.PopAsync(queue, null, CancellationToken.None))!.Value.Span[0]);
            Assert.Equal(Key(1), Assert.Single(await data.Client.GetSubkeysAsync(Key(0), CancellationToken.None)).ToArray());
        }
    }

    private async Task SoundAsync(RingController ring)
    {
        var findings = await ring.TestAsync(null, null, _ => Task.CompletedTask, Waiting, CancellationToken.None);
        Assert.Equal((Keys, 0, 0, 0), (findings.Keys, findings.Hidden, findings.CopiesMissing, findings.Strays));
    }

    private static byte[] Key(int i) => Encoding.UTF8.GetBytes($"key-{i}-{i * 7919}\0");

    private static async Task InServiceAsync(Cluster cluster)
    {
        var port = new ControlPortClient(new HostPort(cluster.Nodes[0].IPAddress!, cluster.Ports.ServerControl), TimeSpan.FromSeconds(5));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await port.GetAllStatusAsync(limit.Token)).Servers.Count(s => s.Status == NodeStatus.InService) < cluster.Nodes.Count)
            await Task.Delay(100, limit.Token);
    }
}
