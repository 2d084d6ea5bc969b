using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Commands;
using K2hdkcDbaas.Sandbox.Nodes;

namespace K2hdkcDbaas.Sandbox.Tests.Nodes;

/// <summary>Nodes that keep their data on disk, as real ones do with K2HFILE.</summary>
public sealed class DataFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private SandboxRingOptions Options => new() { Servers = 3, DataFolder = _folder };

    [Fact]
    public async Task A_ring_comes_back_with_its_data()
    {
        var ct = TestRings.Limit();
        await using (var ring = await SandboxRing.StartAsync(Options, ct))
        {
            using var client = new RawRingClient(ring);
            await client.JoinAsync(ct);
            for (var i = 0; i < 50; i++)
                Assert.True((await client.CallAsync(new SetRequest(TestRings.Bytes($"k{i}"), TestRings.Bytes($"v{i}")),
                    ct)).Result.IsSuccess);
        }

        Assert.Equal(3, Directory.GetFiles(_folder).Length);
        await using var again = await SandboxRing.StartAsync(Options, ct);
        using var reader = new RawRingClient(again);
        await reader.JoinAsync(ct);
        for (var i = 0; i < 50; i++) Assert.True((await reader.CallAsync(new GetRequest(TestRings.Bytes($"k{i}")), ct)).Result.IsSuccess);
    }

    [Fact]
    public async Task A_node_that_has_left_in_order_keeps_nothing_and_a_damaged_file_is_refused()
    {
        var ct = TestRings.Limit();
        await using var ring = await SandboxRing.StartAsync(Options, ct);
        await ring.KillNodeAsync(2, ct);
        var file = Assert.Single(Directory.GetFiles(_folder));
        await File.WriteAllBytesAsync(file, [1, 2, 3], ct);
        await Assert.ThrowsAsync<DbaasException>(() => ring.StartNodeAsync(2, default, ct));
        File.Delete(file);
        await ring.StartNodeAsync(2, default, ct);
        await ring.SettleAsync(ct);
        await ring.RemoveNodeAsync(2, ct);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
