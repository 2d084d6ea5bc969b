using System.Buffers;
using System.Buffers.Binary;
using K2hdkcDbaas.Protocol.Frames;

namespace K2hdkcDbaas.Protocol.Tests;

public class FrameTests
{
    public static TheoryData<string> Packets => new(Wire.Names);

    [Theory]
    [MemberData(nameof(Packets))]
    public void A_captured_packet_is_read_whole_wherever_it_is_cut(string name)
    {
        var packet = Wire.Packet(name);
        for (var cut = 0; cut <= packet.Length; cut += Step(packet.Length, cut))
        {
            var early = new ReadOnlySequence<byte>(packet.AsMemory(0, cut));
            if (cut < packet.Length) Assert.False(Frame.TryRead(ref early, Frame.DefaultMaxLength, out _));
            var whole = Wire.Split(packet, cut);
            Assert.True(Frame.TryRead(ref whole, Frame.DefaultMaxLength, out var frame));
            Assert.True(whole.IsEmpty);
            Assert.Equal(packet, frame.ToArray());
        }
    }

    [Fact]
    public void Packets_that_follow_one_another_are_told_apart()
    {
        var names = Wire.Names.Where(n => n.StartsWith("command", StringComparison.Ordinal)).ToArray();
        var stream = new ReadOnlySequence<byte>(names.SelectMany(Wire.Packet).ToArray());
        foreach (var name in names)
        {
            Assert.True(Frame.TryRead(ref stream, Frame.DefaultMaxLength, out var frame));
            Assert.Equal(Wire.Packet(name), frame.ToArray());
        }

        Assert.False(Frame.TryRead(ref stream, Frame.DefaultMaxLength, out _));
    }

    [Fact]
    public void A_requests_header_is_the_captured_one()
    {
        var captured = Wire.Packet("command-get-request");
        var header = FrameHeader.Read(captured, int.MaxValue);
        var now = DateTimeOffset.FromUnixTimeSeconds((long)header.Seconds).AddTicks((long)header.Nanoseconds / 100);
        var made = FrameHeader.ForRequest(header.Sender, header.SenderMessageId, header.Receiver, header.Hash, header.PayloadLength, now);
        var bytes = new byte[FrameHeader.Size];
        made.Write(bytes);
        // The clock here counts in steps of 100 ns.
        Assert.Equal(captured[..96], bytes[..96]);
        Assert.Equal(captured[104..120], bytes[104..120]);
        Assert.InRange(header.Nanoseconds - made.Nanoseconds, 0UL, 99UL);
    }

    [Fact]
    public void A_reply_goes_back_to_the_request_it_answers()
    {
        var request = FrameHeader.Read(Wire.Packet("command-set-request"), int.MaxValue);
        var captured = FrameHeader.Read(Wire.Packet("command-set-reply"), int.MaxValue);
        var made = FrameHeader.ForReply(request, request.Receiver, captured.SenderMessageId, captured.PayloadLength,
            DateTimeOffset.UnixEpoch);
        Assert.Equal(captured with { Seconds = 0, Nanoseconds = 0 }, made);
    }

    [Theory]
    [InlineData(13, 0UL)]
    [InlineData(13, 119UL)]
    [InlineData(13, 1UL << 31)]
    [InlineData(13, ulong.MaxValue)]
    [InlineData(14, 0UL)]
    [InlineData(14, 121UL)]
    [InlineData(1, 0UL)]
    [InlineData(1, 3UL)]
    public void A_header_that_cannot_be_is_refused_before_anything_is_sized_by_it(int field, ulong value)
    {
        var packet = Wire.Packet("command-get-reply");
        BinaryPrimitives.WriteUInt64BigEndian(packet.AsSpan(field * 8), value);
        Assert.InRange(Memory.TakenBy(() =>
        {
            var buffer = new ReadOnlySequence<byte>(packet);
            var error = Assert.Throws<ProtocolException>(() => Frame.TryRead(ref buffer, Frame.DefaultMaxLength, out _));
            Assert.Equal(ProtocolException.Id, error.ErrorId);
        }), 0, 256 * 1024);
    }

    [Fact]
    public void A_long_frame_that_has_not_come_yet_takes_no_memory()
    {
        var packet = Wire.Packet("command-get-reply");
        BinaryPrimitives.WriteUInt64BigEndian(packet.AsSpan(104), Frame.DefaultMaxLength);
        Assert.InRange(Memory.TakenBy(() =>
        {
            var buffer = new ReadOnlySequence<byte>(packet);
            Assert.False(Frame.TryRead(ref buffer, Frame.DefaultMaxLength, out _));
        }), 0, 4096);
    }

    // Every offset of short packets and of every packet's first kilobyte; of long ones a prime step, so that all alignments occur.
    private static int Step(int length, int at) => length < 1024 || at < 1024 ? 1 : at + 997 > length && at < length ? length - at : 997;
}
