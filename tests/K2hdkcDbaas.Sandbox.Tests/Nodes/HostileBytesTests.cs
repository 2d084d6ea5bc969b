using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using K2hdkcDbaas.Protocol.Commands;
using K2hdkcDbaas.Protocol.Frames;

namespace K2hdkcDbaas.Sandbox.Tests.Nodes;

/// <summary>Bytes that no slave sends: the connection may end, the node does not.</summary>
public sealed class HostileBytesTests
{
    [Fact]
    public async Task Noise_and_false_lengths_end_the_connection_and_nothing_else()
    {
        var ct = TestRings.Limit();
        await using var ring = await TestRings.StartAsync(1, ct);
        var random = new Random(1);
        var before = GC.GetTotalAllocatedBytes();
        for (var round = 0; round < 60; round++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, round % 3 == 2 ? ring.ControlPortOf(0) : ring.PortOf(0), ct);
            var bytes = new byte[random.Next(1, 2000)];
            random.NextBytes(bytes);
            if (round % 3 == 1 && bytes.Length >= FrameHeader.Size)
            {
                // A believable header that announces more than ever comes.
                BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), (ulong)(round % 2) + 1);
                BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(104), round % 6 == 1 ? 60UL << 20 : ulong.MaxValue);
                BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(112), FrameHeader.Size);
            }

            await client.GetStream().WriteAsync(bytes, ct);
        }

        using var slave = await RawSlave.JoinAsync(ring, 0, ct);
        Assert.Equal(ResultCode.NoData, (await slave.CallAsync(new GetRequest(TestRings.Bytes("k")), ct))!.Value.Result);
        // Sixty connections, some of which announced 60 MB: memory follows what came, not what was announced.
        Assert.True(GC.GetTotalAllocatedBytes() - before < 50 << 20);
    }

    [Fact]
    public async Task Commands_with_offsets_and_lengths_out_of_bounds_are_refused_or_met_with_silence()
    {
        var ct = TestRings.Limit(60);
        await using var ring = await TestRings.StartAsync(1, ct);
        using var slave = await RawSlave.JoinAsync(ring, 0, ct);
        var random = new Random(2);
        CommandRequest[] requests =
        [
            new GetRequest(TestRings.Bytes("k")), new SetRequest(TestRings.Bytes("k"), TestRings.Bytes("v")),
            new GetDirectRequest(TestRings.Bytes("k"), 5, 0),
            new QueuePushRequest(TestRings.Bytes("q"), TestRings.Bytes("v")), new CounterStepRequest(TestRings.Bytes("k")),
            new SetDirectRequest(TestRings.Bytes("k"), TestRings.Bytes("v"), 0),
            new SetSubkeysRequest(TestRings.Bytes("k"), new byte[16]), new RenameRequest(TestRings.Bytes("k"), TestRings.Bytes("n")),
        ];
        foreach (var request in requests)
        {
            var good = request.ToArray();
            for (var round = 0; round < 40; round++)
            {
                var bad = (byte[])good.Clone();
                // Everything after the head may be anything.
                for (var change = 0; change < 4; change++) bad[random.Next(40, bad.Length)] = (byte)random.Next(256);
                var header = FrameHeader.ForRequest(slave.Id, 1, slave.ServerId, 0, bad.Length, DateTimeOffset.UtcNow);
                await slave.SendAsync(new Frame(header, bad).ToArray(), ct);
            }
        }

        while (await slave.NextAsync(ct, RawSlave.Silence) is not null)
        {
            // Whatever it says to those.
        }

        Assert.NotNull(await slave.CallAsync(new GetRequest(TestRings.Bytes("k")), ct));
    }

    [Fact]
    public async Task A_frame_may_come_byte_by_byte_and_several_in_one_piece()
    {
        var ct = TestRings.Limit();
        await using var ring = await TestRings.StartAsync(1, ct);
        using var slave = await RawSlave.JoinAsync(ring, 0, ct);
        var payload = new SetRequest(TestRings.Bytes("k"), TestRings.Bytes("v")).ToArray();
        var frame = new Frame(FrameHeader.ForRequest(slave.Id, 9, slave.ServerId, 3, payload.Length, DateTimeOffset.UtcNow), payload)
            .ToArray();
        foreach (var one in frame) await slave.SendAsync([one], ct);
        Assert.Equal(9UL, (await slave.NextAsync(ct))!.Value.Header.ReceiverMessageId);
        await slave.SendAsync([.. frame, .. frame, .. frame], ct);
        for (var i = 0; i < 3; i++) Assert.NotNull(await slave.NextAsync(ct));
    }

    [Fact]
    public async Task A_value_of_eight_megabytes_goes_in_and_out()
    {
        var ct = TestRings.Limit();
        await using var ring = await TestRings.StartAsync(1, ct);
        using var slave = await RawSlave.JoinAsync(ring, 0, ct);
        var value = new byte[8 << 20];
        new Random(3).NextBytes(value);
        Assert.NotNull(await slave.CallAsync(new SetRequest(TestRings.Bytes("big"), value), ct));
        var reply = await slave.CallAsync(new GetRequest(TestRings.Bytes("big")), ct);
        Assert.True(reply!.Value.Data.Span.SequenceEqual(value));
    }
}
