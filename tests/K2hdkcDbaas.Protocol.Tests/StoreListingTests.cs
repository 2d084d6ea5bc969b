using System.Buffers.Binary;
using System.Text;
using K2hdkcDbaas.Protocol.Control;
using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Protocol.Tests;

public class StoreListingTests
{
    [Fact]
    public void A_request_is_as_chmpx_lays_it_out()
    {
        var bytes = new byte[121];
        new StoreListing(12, 5, 2) { Since = new StoredTime(1700000000, 7) }.ToRequest(0xAA, 0xBB).Write(bytes);
        ulong At(int offset) => BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(offset));
        Assert.Equal([13UL, 0UL, 121UL], [At(0), At(8), At(16)]);
        // Requester, time, slots and first slot, base hash of one slot (so that the time is heeded), how many slots; then who lists.
        Assert.Equal([0xAAUL, 1700000000UL, 7UL, 12UL, 5UL, 1UL, 0UL, 2UL],
            [At(24), At(32), At(40), At(48), At(56), At(64), At(72), At(80)]);
        Assert.Equal([1UL, 105UL, 0xBBUL, 0UL], [At(89), At(97), At(105), At(113)]);
    }

    [Fact]
    public void A_request_for_all_needs_no_time()
    {
        var (listing, receiver) = StoreListing.ReadRequest(new StoreListing().ToRequest(1, 2));
        Assert.Equal((new StoreListing(), 1UL), (listing, receiver));
    }

    [Fact]
    public void An_element_comes_back_whole()
    {
        var copy = StoredCopy.Of(Encoding.UTF8.GetBytes("key1\0")) with
        {
            Value = new byte[] { 1, 2, 3 },
            Attributes = AttributeList.Encode(
                [new KeyAttribute("mtime\0"u8.ToArray(), KeyAttribute.EncodeTime(DateTimeOffset.UnixEpoch.AddSeconds(5)))]),
        };
        var read = StoreListing.ReadElement(StoreListing.ToElement(copy, new StoredTime(9, 0)));
        Assert.Equal(0x7172b3f29643aa65UL, read.Hash);
        Assert.Equal(copy.Key.ToArray(), read.Key.ToArray());
        Assert.Equal(copy.Value.ToArray(), read.Value.ToArray());
        Assert.Equal(new StoredTime(5, 0), read.Modified);
        Assert.True(read.Subkeys.IsEmpty);
    }

    [Theory]
    [InlineData(3, 2, 2, true)]
    [InlineData(3, 0, 1, false)]
    [InlineData(3, 1, 2, true)]
    public void Slots_go_around(ulong slots, ulong first, ulong count, bool included) =>
        // The hash of "key1\0" is 2 modulo 3.
        Assert.Equal(included, new StoreListing(slots, first, count).Includes(StoredCopy.Of(Encoding.UTF8.GetBytes("key1\0"))));

    [Fact]
    public void The_end_is_known_whatever_its_head_says()
    {
        // As chmpx 1.0.113 sent it: result and length of the head are what was in memory.
        var bytes = new byte[40];
        StoreListing.ToResult(0xBB, isComplete: true).Write(bytes);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(16), 5379034542478167432);
        Assert.True(StoreListing.ReadResult(Assert.IsType<OpaqueMessage>(ControlMessage.Read(bytes))));
    }

    [Fact]
    public void A_part_outside_the_blob_is_an_error()
    {
        var blob = StoredCopy.Of("k"u8.ToArray()).ToBlob();
        BinaryPrimitives.WriteUInt64LittleEndian(blob.AsSpan(16), 2);
        Assert.Throws<ProtocolException>(() => StoredCopy.Read(blob));
    }
}
