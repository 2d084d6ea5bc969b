using System.Security.Cryptography;
using System.Text;
using K2hdkcDbaas.Protocol.Commands;

namespace K2hdkcDbaas.Sandbox.Tests.Nodes.Rings;

/// <summary>Random keys in a ring, and counts of what becomes of them: short keys in a row would lie unevenly.</summary>
internal sealed class RandomKeys(RingUnderTest ring, CancellationToken ct) : IDisposable
{
    public const int Count = 2000;

    private readonly RawRingClient _client = new(ring);
    private readonly byte[][] _keys = [.. Enumerable.Range(0, Count).Select(_ => RandomNumberGenerator.GetBytes(16))];

    /// <summary>Writes every key with this value.</summary>
    public async Task WriteAsync(string value)
    {
        await _client.CatchUpAsync(ct);
        foreach (var key in _keys) Assert.True((await _client.CallAsync(new SetRequest(key, TestRings.Bytes(value)), ct)).Result.IsSuccess);
        // A reply goes out before the copies do.
        await Task.Delay(TimeSpan.FromMilliseconds(200), ct);
    }

    public async Task RemoveAsync()
    {
        await _client.CatchUpAsync(ct);
        foreach (var key in _keys) Assert.True((await _client.CallAsync(new DeleteRequest(key), ct)).Result.IsSuccess);
        await Task.Delay(TimeSpan.FromMilliseconds(200), ct);
    }

    /// <summary>What a client reads: how many keys have each value; those that read as missing under "".</summary>
    public async Task<Dictionary<string, int>> ReadAsync()
    {
        var found = new Dictionary<string, int>();
        await _client.CatchUpAsync(ct);
        foreach (var key in _keys)
        {
            var reply = await _client.CallAsync(new GetRequest(key), ct);
            // "Not here" is no error: nothing tells it from a key that nobody has written.
            if (reply.Data.IsEmpty) Assert.Equal(ResultCode.NoData, reply.Result);
            var value = Encoding.UTF8.GetString(reply.Data.Span);
            found[value] = found.GetValueOrDefault(value) + 1;
        }

        return found;
    }

    /// <summary>How many keys a client finds.</summary>
    public async Task<int> FoundAsync() => Count - (await ReadAsync()).GetValueOrDefault("");

    /// <summary>How many keys a server has when it is asked itself.</summary>
    public async Task<int> HeldAsync(int server)
    {
        using var slave = await RawSlave.JoinAsync(ring.Servers[server]!, ring.Group, ct);
        var held = 0;
        foreach (var key in _keys)
            if ((await slave.CallAsync(new GetRequest(key), ct))!.Value.Result == ResultCode.Ok) held++;
        return held;
    }

    /// <summary>Whether a count is a share of the keys, as far as random ones can tell: five standard deviations.</summary>
    public static void AssertShare(double share, int count) =>
        Assert.InRange(count, (share * Count) - Margin(share), (share * Count) + Margin(share));

    public void Dispose() => _client.Dispose();

    private static double Margin(double share) => 5 * Math.Sqrt(Count * share * (1 - share));
}
