using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Client.Tests.Real;

/// <summary>A server of a real ring is killed and comes back while calls are under way.</summary>
[Collection(nameof(Alone))]
public class FailoverTests
{
    private const int Keys = 200;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_call_that_may_be_repeated_is_lost_when_a_server_dies_and_returns()
    {
        _ = RealRing.NodeCommand;
        await using var client =
            await RealRing.ConnectAsync(K2hdkcTransport.Managed, o => o with { CallTimeout = TimeSpan.FromSeconds(5) });
        var servers = client.Ring.Servers.Count;
        if (servers < 3) Assert.Skip("The ring has fewer than three servers.");
        var prefix = $"f{Guid.NewGuid():N}-";
        for (var i = 0; i < Keys; i++) await client.SetAsync(StoredText.Encode(prefix + i), StoredText.Encode("0"), null, Token);

        var (calls, failures, stop) = (0, new List<string>(), false);
        var load = Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            for (var i = worker; !Volatile.Read(ref stop); i = (i + 4) % Keys)
            {
                try
                {
                    await client.SetAsync(StoredText.Encode(prefix + i), StoredText.Encode($"{i}"), null, Token);
                    Interlocked.Increment(ref calls);
                }
                catch (DbaasException e)
                {
                    lock (failures) failures.Add(e.Message);
                }
            }
        }, Token)).ToArray();

        await Task.Delay(500, Token);
        await RealRing.NodeAsync("kill", servers - 1);
        int whileDown;
        try
        {
            await Task.Delay(4000, Token);
            whileDown = client.Ring.Servers.Count(s => s.Record.Status.IsUp);
            await AgreeWithToolAsync(client, prefix);
        }
        finally
        {
            await RealRing.NodeAsync("start", servers - 1);
        }

        await MembershipTests.EventuallyAsync(
            () => client.Ring.State == ClientState.Connected && client.Ring.Servers.All(s => s.Record.Status == NodeStatus.InService));
        Volatile.Write(ref stop, true);
        await Task.WhenAll(load);

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{calls} writes, {failures.Count} failed; {whileDown} of {servers} servers up in between. "
                + $"{string.Join(" | ", failures.Distinct().Take(5))}");
        Assert.Equal(servers - 1, whileDown);
        Assert.True(calls > Keys);
        Assert.Empty(failures);
        var again = await RealRing.ToolAsync($"print {prefix}1", $"print {prefix}{Keys - 1}");
        Assert.Contains($"\"{prefix}1\" => \"", again, StringComparison.Ordinal);
    }

    // With a server missing the slots are numbered anew: the real slave and this client must send a key to the same server.
    private static async Task AgreeWithToolAsync(IK2hdkcClient client, string prefix)
    {
        string[] names = [.. Enumerable.Range(0, 12).Select(i => $"{prefix}d{i}"), prefix + "日本語", prefix + "größe"];
        foreach (var name in names) await client.SetAsync(StoredText.Encode(name + "-ours"), StoredText.Encode("ours"), null, Token);
        var printed = await RealRing.ToolAsync([.. names.Select(n => $"set {n} tools"), .. names.Select(n => $"print {n}-ours")]);
        // The tool shows keys beyond ASCII as dots or worse; their values suffice.
        Assert.Equal(names.Length, printed.Split("=> \"ours\"").Length - 1);
        foreach (var name in names)
            Assert.Equal("tools", StoredText.Decode((await client.GetAsync(StoredText.Encode(name), null, Token)).Value.Span));
    }
}
