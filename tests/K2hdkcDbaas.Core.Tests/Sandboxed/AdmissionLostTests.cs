using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Ring;
using K2hdkcDbaas.Sandbox;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>A host that steers a ring as a guest of its own data connection, which closes meanwhile. Images take their time here.</summary>
public class AdmissionLostTests : SandboxedTest
{
    private protected override SandboxOptions Options => new() { Speed = 10, ImageTime = TimeSpan.FromSeconds(20) };

    [Fact]
    public async Task Merges_are_let_go_also_when_whoever_let_this_host_in_has_left()
    {
        await Backend.CreateClusterAsync(new NewCluster("demo") { ServerCount = 2, SlaveCount = 1, Nodes = Small }, Waiting,
            CancellationToken.None);
        var connection =
            await DataConnection.OpenAsync(new ClusterRing(Session, Backend, "demo"), new DataConnectionOptions { Register = true },
                Observer, CancellationToken.None);
        Sandbox.Calls.Clear();
        var backup = Backend.Feature<IBackupBackend>()!.BackupAsync(new NewBackup("demo"), Waiting, CancellationToken.None);
        while (Sandbox.Calls.All.Count(c => c.IsChange && c.Service == "nova") < 2) await Task.Delay(20);
        Assert.Empty(RoleChanges());

        await connection.DisposeAsync();
        Assert.Equal(2, (await backup).Count);
        // The connection's line goes, and one of its own comes for the end of the hold.
        Assert.Equal([false, true, false], RoleChanges());
        Assert.DoesNotContain(Observer.Lines, l => l.StartsWith("WARNING", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_that_has_just_left_is_let_in_again_under_its_new_key()
    {
        await Backend.CreateClusterAsync(new NewCluster("demo") { ServerCount = 3, SlaveCount = 1, Nodes = Small }, Waiting,
            CancellationToken.None);
        var ring = new ClusterRing(Session, Backend, "demo");
        var connection = await DataConnection.OpenAsync(ring, new DataConnectionOptions { Register = true }, Observer,
            CancellationToken.None);
        await connection.DisposeAsync();
        // The servers still answer this host's control commands, and do not know the key that it comes with now.
        var controller = await RingController.OpenAsync(ring, TimeProvider.System, CancellationToken.None);
        await controller.DisableAsync(controller.Nodes[2], Waiting, CancellationToken.None);
        Assert.DoesNotContain(Observer.Lines, l => l.StartsWith("WARNING", StringComparison.Ordinal));
    }

    private IEnumerable<bool> RoleChanges() =>
        Sandbox.Calls.All.Where(
            c => c is { IsChange: true, Service: "k2hr3" } && c.Path.Contains("role/demo/slave", StringComparison.Ordinal))
            .Select(c => c.Method != "DELETE");
}
