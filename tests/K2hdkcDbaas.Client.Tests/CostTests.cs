using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Protocol.Commands;
using K2hdkcDbaas.Protocol.Frames;

namespace K2hdkcDbaas.Client.Tests;

[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>What a read costs. Alone: the memory counted is the whole process's.</summary>
[Collection(nameof(Alone))]
public class CostTests
{
    private const int Count = 5000;
    private const int ValueLength = 100;

    private static readonly ReadOnlyMemory<byte> Key = "hello"u8.ToArray();

    [Fact]
    public async Task A_read_takes_less_than_a_kilobyte_beside_its_value()
    {
        await using var ring = new ScriptedRing(1);
        await using var client = await ring.ConnectAsync(o => o with { CallTimeout = TimeSpan.FromSeconds(30) });
        ring.Servers[0].OnCommand = (frame, stream) =>
        {
            Echo(frame, stream);
            return Task.FromResult(true);
        };
        await ReadAsync(client);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var started = TimeProvider.System.GetTimestamp();
        await ReadAsync(client);
        var each = (GC.GetTotalAllocatedBytes(precise: true) - before) / Count;
        var rate = Count / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{each} bytes per read of {ValueLength} bytes, {rate:0} reads a second in sequence");
        Assert.InRange(each, ValueLength, ValueLength + 1024);
    }

    private static async Task ReadAsync(IK2hdkcClient client)
    {
        for (var i = 0; i < Count; i++)
        {
            var reading = await client.GetAsync(Key, null, CancellationToken.None);
            if (reading.State != KeyState.Found || reading.Value.Length != ValueLength)
                Assert.Fail($"Read {i} found {reading.State}, {reading.Value.Length} bytes.");
        }
    }

    // A server that takes no memory: it keeps the connection's thread and answers every request with the same value.
    private static void Echo(Frame first, Stream stream)
    {
        var reply = ScriptedServer.ReplyTo(first, new CommandReply(CommandType.Get, ResultCode.Ok) { Data = new byte[ValueLength] });
        stream.Write(reply);
        var request = new byte[FrameHeader.Size + first.Payload.Length];
        while (true)
        {
            stream.ReadExactly(request);
            request.AsSpan(32, 8).CopyTo(reply.AsSpan(48));
            stream.Write(reply);
        }
    }
}
