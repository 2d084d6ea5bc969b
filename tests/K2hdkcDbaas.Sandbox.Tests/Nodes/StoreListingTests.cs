using System.Buffers.Binary;
using K2hdkcDbaas.Protocol.Commands;
using K2hdkcDbaas.Protocol.Control;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Sandbox.Nodes;

namespace K2hdkcDbaas.Sandbox.Tests.Nodes;

/// <summary>
/// A member of the ring asks a server for its store, as servers ask each other in a merge. Layout and answers as seen on a real ring.
/// </summary>
public sealed class StoreListingTests
{
    private const ulong None = ulong.MaxValue;

    [Fact]
    public async Task A_server_sends_each_element_as_it_is_stored_and_says_when_it_is_done()
    {
        var ct = TestRings.Limit();
        await using var ring = await TestRings.StartAsync(3, ct);
        using var client = new RawRingClient(ring);
        await client.JoinAsync(ct);
        var keys = Enumerable.Range(0, 60).Select(i => TestRings.Bytes($"key-{i}")).ToArray();
        foreach (var key in keys)
            await client.CallAsync(new SetRequest(key, TestRings.Bytes("v")) { Expiry = 100, PassPhrase = TestRings.Bytes("p\0") }, ct);
        await client.CallAsync(new AddSubkeyRequest(keys[0], TestRings.Bytes("sub")), ct);

        for (var node = 0; node < 3; node++)
        {
            using var slave = await RawSlave.JoinAsync(ring, node, ct);
            var next = ring.Nodes[(node + 1) % 3]!.Id;
            var listed = await ListAsync(slave, next, slots: 1, first: 0, count: 1, ct);
            Assert.Equal(keys.Where(k => Holds(node, k)).Select(Convert.ToHexString).Order(), listed!.Keys.Order());
            foreach (var (hex, value) in listed)
            {
                // Encrypted as it lies there, with its attributes: 48 bytes before the one block.
                Assert.Equal(64, value.Value.Length);
                if (hex == Convert.ToHexString(keys[0]) && node == (int)(K2hash.Hash(keys[0]) % 3)) Assert.Equal(19, value.Subkeys.Length);
                Assert.True(AttributeListLength(value.Attributes) >= 3);
            }

            var slot = await ListAsync(slave, next, slots: 6, first: 4, count: 2, ct);
            Assert.Equal(keys.Where(k => Holds(node, k) && K2hash.Hash(k) % 6 >= 4).Select(Convert.ToHexString).Order(),
                slot!.Keys.Order());
        }
    }

    [Fact]
    public async Task Only_what_is_newer_than_a_time_is_sent_when_one_is_given()
    {
        var ct = TestRings.Limit();
        await using var ring = await TestRings.StartAsync(2, ct);
        using var slave = await RawSlave.JoinAsync(ring, 0, ct);
        await slave.CallAsync(new SetRequest(TestRings.Bytes("old"), TestRings.Bytes("v")), ct);
        await Task.Delay(20, ct);
        var between = DateTimeOffset.UtcNow;
        await Task.Delay(20, ct);
        await slave.CallAsync(new SetRequest(TestRings.Bytes("new"), TestRings.Bytes("v")), ct);
        Assert.Equal(2, (await ListAsync(slave, ring.Nodes[1]!.Id, 1, 0, 1, ct))!.Count);
        Assert.Equal([Convert.ToHexString(TestRings.Bytes("new"))],
            (await ListAsync(slave, ring.Nodes[1]!.Id, 1, 0, 1, ct, between))!.Keys);
    }

    [Fact]
    public async Task Silence_answers_whoever_does_not_name_the_next_server_or_asks_one_that_is_alone_or_asks_nonsense()
    {
        var ct = TestRings.Limit();
        await using var ring = await TestRings.StartAsync(3, ct);
        using var slave = await RawSlave.JoinAsync(ring, 0, ct);
        Assert.Null(await ListAsync(slave, slave.Id, 1, 0, 1, ct, patience: RawSlave.Silence));
        Assert.Null(await ListAsync(slave, ring.Nodes[2]!.Id, 1, 0, 1, ct, patience: RawSlave.Silence));
        Assert.Null(await ListAsync(slave, ring.Nodes[1]!.Id, slots: 0, 0, 1, ct, patience: RawSlave.Silence));
        await slave.SendAsync(
            new OpaqueMessage(ControlMessageType.RequestUpdateData, new byte[5])
                .ToFrame(ring.Nodes[1]!.Id, slave.ServerId, DateTimeOffset.UtcNow), ct);
        Assert.NotNull(await ListAsync(slave, ring.Nodes[1]!.Id, 1, 0, 1, ct));

        await using var alone = await SandboxRing.StartAsync(new SandboxRingOptions { Servers = 1 }, ct);
        using var other = await RawSlave.JoinAsync(alone, 0, ct);
        Assert.Null(await ListAsync(other, alone.Nodes[0]!.Id, 1, 0, 1, ct, patience: RawSlave.Silence));
    }

    [Fact]
    public async Task Elements_for_another_server_are_stored_there()
    {
        var ct = TestRings.Limit();
        await using var ring = await TestRings.StartAsync(2, ct, replicas: 0);
        using var slave = await RawSlave.JoinAsync(ring, 0, ct);
        // Sent to a server that it does not belong to: it stays there alone.
        await slave.CallAsync(new SetRequest(TestRings.Bytes("k"), TestRings.Bytes("v")), ct);
        await slave.SendAsync(
            Request(ring.Nodes[1]!.Id, slave.ServerId, 1, 0, 1, default).ToFrame(ring.Nodes[1]!.Id, slave.ServerId, DateTimeOffset.UtcNow),
            ct);
        using var second = await RawSlave.JoinAsync(ring, 1, ct);
        while ((await second.CallAsync(new GetRequest(TestRings.Bytes("k")), ct))!.Value.Data.IsEmpty) await Task.Delay(5, ct);
    }

    private static bool Holds(int node, byte[] key) =>
        (int)(K2hash.Hash(key) % 3) is var first && (node == first || node == (first + 1) % 3);

    private static ulong AttributeListLength(byte[] blob) => BinaryPrimitives.ReadUInt64LittleEndian(blob);

    private static async Task<Dictionary<string, (byte[] Value, byte[] Subkeys, byte[] Attributes)>?> ListAsync(
        RawSlave slave, ulong sender, ulong slots, ulong first, ulong count, CancellationToken ct, DateTimeOffset since = default,
        TimeSpan? patience = null)
    {
        await slave.SendAsync(
            Request(slave.Id, slave.ServerId, slots, first, count, since).ToFrame(sender, slave.ServerId, DateTimeOffset.UtcNow), ct);
        var listed = new Dictionary<string, (byte[], byte[], byte[])>();
        while (await slave.NextAsync(ct, patience) is { } frame)
        {
            var payload = frame.Payload.ToArray();
            var type = BinaryPrimitives.ReadUInt64BigEndian(payload);
            if (type == 15)
            {
                Assert.Equal((slave.ServerId, 3UL),
                    (BinaryPrimitives.ReadUInt64BigEndian(payload.AsSpan(24)), BinaryPrimitives.ReadUInt64BigEndian(payload.AsSpan(32))));
                return listed;
            }

            Assert.Equal((14UL, 56UL), (type, BinaryPrimitives.ReadUInt64BigEndian(payload.AsSpan(48))));
            var blob = payload[56..];
            Assert.Equal((ulong)blob.Length, BinaryPrimitives.ReadUInt64BigEndian(payload.AsSpan(40)));
            Assert.Equal((K2hash.Hash(Part(0)), K2hash.SecondHash(Part(0))), (Number(0), Number(1)));
            listed.Add(Convert.ToHexString(Part(0)), (Part(1), Part(2), Part(3)));

            ulong Number(int index) => BinaryPrimitives.ReadUInt64LittleEndian(blob.AsSpan(index * 8));
            byte[] Part(int index) => blob.AsSpan((int)Number(6 + index), (int)Number(2 + index)).ToArray();
        }

        Assert.Empty(listed);
        return null;
    }

    private static OpaqueMessage Request(ulong receiver, ulong server, ulong slots, ulong first, ulong count, DateTimeOffset since)
    {
        var content = new byte[97];
        ulong[] numbers =
        [
            receiver, since == default ? 0 : (ulong)since.ToUnixTimeSeconds(), (ulong)(since.Ticks % TimeSpan.TicksPerSecond * 100), slots,
            first,
            since == default ? None : 1, since == default ? None : 0, count,
        ];
        for (var i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteUInt64BigEndian(content.AsSpan(i * 8), numbers[i]);
        BinaryPrimitives.WriteUInt64BigEndian(content.AsSpan(65), 1);
        BinaryPrimitives.WriteUInt64BigEndian(content.AsSpan(73), 105);
        BinaryPrimitives.WriteUInt64BigEndian(content.AsSpan(81), server);
        return new OpaqueMessage(ControlMessageType.RequestUpdateData, content);
    }
}
