using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>What a backup is for: the data of a cluster that is gone comes back.</summary>
public class BackupDataTests : SandboxedTest
{
    private const int Keys = 5000;
    private const int Items = 40;

    private static readonly byte[] Parent = StoredText.Encode("fruits");
    private static readonly byte[] Queue = StoredText.Encode("jobs", bare: true);
    private static readonly byte[] Expiring = StoredText.Encode("for an hour");

    [Theory]
    [InlineData("Nova")]
    [InlineData("Trove")]
    public async Task Keys_subkeys_attributes_and_a_queue_survive_the_cluster(string kind)
    {
        var backend = Session.GetBackend(kind);
        // Trove backs up single instances only, not the members of its own clusters.
        var request = new NewCluster("demo") { ServerCount = 3, Nodes = Small, NodeByNode = true };
        await backend.CreateClusterAsync(request, Waiting, CancellationToken.None);
        await using (var data = await OpenAsync(backend)) await WriteAsync(data.Client);

        var set = await backend.Feature<IBackupBackend>()!.BackupAsync(new NewBackup("demo") { Set = "night-1" }, Waiting,
            CancellationToken.None);
        Assert.Equal(3, set.Count);
        await backend.RemoveClusterAsync("demo", Waiting, CancellationToken.None);
        await backend.Feature<IBackupBackend>()!.RestoreClusterAsync(request, set, Waiting, CancellationToken.None);

        await using (var data = await OpenAsync(backend)) await CheckAsync(data.Client);
    }

    private Task<DataConnection> OpenAsync(IClusterBackend backend) =>
        DataConnection.OpenAsync(new ClusterRing(Session, backend, "demo"), new DataConnectionOptions { Register = true },
            new RecordingObserver(), CancellationToken.None);

    private static async Task WriteAsync(IK2hdkcClient client)
    {
        for (var n = 0; n < Keys; n++)
            await client.SetAsync(StoredText.Encode($"key-{n}"), StoredText.Encode($"value-{n}"), null, CancellationToken.None);
        await client.SetAsync(Parent, StoredText.Encode("basket"), null, CancellationToken.None);
        foreach (var name in new[] { "apple", "pear" })
            await client.AddSubkeyAsync(Parent, StoredText.Encode("fruits/" + name), StoredText.Encode(name), null, CancellationToken.None);
        await client.SetAsync(Expiring, StoredText.Encode("soon gone"), new SetOptions { ExpiresIn = TimeSpan.FromHours(1) },
            CancellationToken.None);
        for (var n = 0; n < Items; n++) await client.PushAsync(Queue, StoredText.Encode($"job-{n}"), null, CancellationToken.None);
    }

    private static async Task CheckAsync(IK2hdkcClient client)
    {
        var wrong = new List<string>();
        for (var n = 0; n < Keys; n++)
        {
            var reading = await client.GetAsync(StoredText.Encode($"key-{n}"), null, CancellationToken.None);
            if (StoredText.Decode(reading.Value.Span) != $"value-{n}") wrong.Add($"key-{n}: {reading.State}");
        }

        Assert.Empty(wrong);
        Assert.Equal(["fruits/apple", "fruits/pear"],
            (await client.GetSubkeysAsync(Parent, CancellationToken.None)).Select(s => StoredText.Decode(s.Span)).Order());
        Assert.Equal("pear",
            StoredText.Decode((await client.GetAsync(StoredText.Encode("fruits/pear"), null, CancellationToken.None)).Value.Span));
        var attributes = await client.GetAttributesAsync(Expiring, CancellationToken.None);
        Assert.Equal(TimeSpan.FromHours(1), attributes.Expires - attributes.Modified);
        for (var n = 0; n < Items; n++)
        {
            var item = await client.PopAsync(Queue, null, CancellationToken.None);
            Assert.Equal($"job-{n}", StoredText.Decode(item!.Value.Span));
        }

        Assert.Null(await client.PopAsync(Queue, null, CancellationToken.None));
    }
}
