using System.Buffers.Binary;
using System.Text;
using K2hdkcDbaas.Protocol.Commands;
using K2hdkcDbaas.Protocol.Frames;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Protocol.Tests;

public class CommandTests
{
    public static TheoryData<string> Requests =>
        new(Wire.Names.Where(n => n.EndsWith("-request", StringComparison.Ordinal) && n.StartsWith("command", StringComparison.Ordinal)));

    public static TheoryData<string> Replies => new(Wire.Names.Where(n => n.EndsWith("-reply", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_captured_request_is_written_again_byte_for_byte(string name)
    {
        Assert.Equal(RequestReadResult.Ok, CommandRequest.TryRead(Wire.Payload(name), out _, out var request));
        Assert.Equal(Wire.Payload(name).ToArray(), request!.ToArray());
        var header = FrameHeader.Read(Wire.Packet(name), int.MaxValue);
        Assert.Equal(header.Hash, request.RoutingHash);
    }

    [Theory]
    [MemberData(nameof(Replies))]
    public void A_servers_reply_is_read_and_says_the_same_when_written_again(string name)
    {
        Assert.True(CommandReply.TryRead(Wire.Payload(name), out var reply));
        Assert.True(CommandReply.TryRead(reply.ToArray(), out var again));
        Assert.Equal((reply.Command, reply.Result, reply.Number), (again.Command, again.Result, again.Number));
        Assert.Equal(reply.Data.ToArray(), again.Data.ToArray());
        Assert.Equal(reply.ItemKey.ToArray(), again.ItemKey.ToArray());
    }

    [Theory]
    [InlineData("get", "world!\0", 0UL)]
    [InlineData("get-missing", "", 0x10000UL)]
    [InlineData("get-direct", "Orl", 0UL)]
    [InlineData("queue-pop", "item\0", 0UL)]
    [InlineData("keyqueue-pop", "item\0", 0UL)]
    [InlineData("queue-pop-empty", "", 0x8000000000000016UL)]
    [InlineData("rename-missing", "", 0x8000000000010000UL)]
    [InlineData("counter-set-different", "", 0x8000000000000017UL)]
    [InlineData("set", "", 0UL)]
    public void Replies_carry_their_value_and_result(string name, string value, ulong result)
    {
        Assert.True(CommandReply.TryRead(Wire.Payload($"command-{name}-reply"), out var reply));
        Assert.Equal(new ResultCode(result), reply.Result);
        Assert.Equal(value, Encoding.UTF8.GetString(reply.Data.Span));
    }

    [Fact]
    public void Captured_requests_are_what_their_authors_meant()
    {
        var set = Read<SetRequest>("set");
        Assert.Equal(("golden\0", "world!\0", 3600L, false), (Text(set.Key), Text(set.Value), set.Expiry!.Value, set.RemoveSubkeys));
        Assert.Equal("pass\0", Text(Read<SetRequest>("set-encrypted").PassPhrase));
        var push = Read<QueuePushRequest>("keyqueue-push");
        Assert.Equal(("goldenk", "qkey\0", "item\0", false), (Text(push.Prefix), Text(push.ItemKey), Text(push.Value), push.IsFifo));
        var pop = Read<QueuePopRequest>("keyqueue-pop");
        Assert.Equal((true, false), (pop.IsKeyQueue, pop.IsFifo));
        var cas = Read<CounterSetRequest>("counter-set");
        Assert.Equal((7u, 9u),
            (BinaryPrimitives.ReadUInt32LittleEndian(cas.Expected.Span), BinaryPrimitives.ReadUInt32LittleEndian(cas.Value.Span)));
        var direct = Read<GetDirectRequest>("get-direct");
        Assert.Equal((1L, 3UL), (direct.Position, direct.Length));
    }

    [Fact]
    public void The_key_of_a_popped_item_comes_along()
    {
        Assert.True(CommandReply.TryRead(Wire.Payload("command-keyqueue-pop-reply"), out var reply));
        Assert.Equal("qkey\0", Text(reply.ItemKey));
    }

    [Fact]
    public void A_state_is_read_and_written_without_loss()
    {
        Assert.True(CommandReply.TryRead(Wire.Payload("command-state-reply"), out var reply));
        Assert.True(NodeState.TryRead(reply.Data.Span, out var state));
        Assert.Equal(("127.0.0.2", "K2H V2", K2hash.Version, "K2H TRANSFUNC BUILTIN"),
            (state.Name, state.StoreVersion, state.HashVersion, state.TransactionVersion));
        Assert.Equal(FrameHeader.Read(Wire.Packet("command-state-reply"), int.MaxValue).Sender, state.NodeId);
        Assert.True(state.TotalSize > state.PageSize && state.PageSize > 0 && state.AssignedElementCount > 0);
        Assert.Equal(2026, state.LastUpdate.Year);
        Assert.True(NodeState.TryRead(state.ToArray(), out var again));
        Assert.Equal(state, again);
        Assert.False(NodeState.TryRead(reply.Data.Span[1..], out _));
    }

    [Fact]
    public void Names_and_attributes_come_out_of_their_blobs()
    {
        Assert.True(CommandReply.TryRead(Wire.Payload("command-get-subkeys-reply"), out var reply));
        Assert.True(SubkeyList.TryDecode(reply.Data, out var names));
        Assert.Equal(["a\0", "aa\0", "b\0"], names.Select(Text));
        Assert.Equal(reply.Data.ToArray(), SubkeyList.Encode(names.Reverse()));

        Assert.True(CommandReply.TryRead(Wire.Payload("command-get-attributes-reply"), out reply));
        Assert.True(AttributeList.TryDecode(reply.Data, out var attributes));
        Assert.Equal([AttributeNames.Expires, AttributeNames.Modified], attributes.Select(a => a.DisplayName));
        Assert.Equal(reply.Data.ToArray(), AttributeList.Encode(attributes.Reverse()));
        Assert.True(attributes[0].TryGetTime(out var expires));
        Assert.True(attributes[1].TryGetTime(out var modified));
        Assert.Equal(TimeSpan.FromHours(1), expires - modified);
        Assert.Equal(attributes[1].Value.ToArray()[..8], KeyAttribute.EncodeTime(modified)[..8]);

        Assert.True(CommandReply.TryRead(Wire.Payload("command-get-attributes-encrypted-reply"), out reply));
        Assert.True(AttributeList.TryDecode(reply.Data, out attributes));
        Assert.Contains(attributes, a => a.Is(AttributeNames.EncryptedPbkdf2));
    }

    [Fact]
    public void A_request_is_no_reply_and_a_reply_no_request()
    {
        Assert.False(CommandReply.TryRead(Wire.Payload("command-get-request"), out _));
        Assert.Equal(RequestReadResult.NotARequest, CommandRequest.TryRead(Wire.Payload("command-get-reply"), out _, out _));
    }

    [Fact]
    public void Unknown_commands_short_ones_and_wrong_lengths_are_told_apart()
    {
        var get = Wire.Payload("command-get-request").ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(get, 10);
        Assert.Equal(RequestReadResult.UnknownCommand, CommandRequest.TryRead(get, out var head, out _));
        Assert.Equal((CommandType)10, head.Command);

        var cut = Wire.Payload("command-get-request")[..60].ToArray();
        Assert.Equal(RequestReadResult.NoHead, CommandRequest.TryRead(cut, out _, out _));
        BinaryPrimitives.WriteUInt64LittleEndian(cut.AsSpan(32), (ulong)cut.Length);
        Assert.Equal(RequestReadResult.Malformed, CommandRequest.TryRead(cut, out _, out _));
    }

    [Theory]
    [InlineData(40, 81UL)]
    [InlineData(40, ulong.MaxValue)]
    [InlineData(48, 8UL)]
    [InlineData(48, ulong.MaxValue)]
    public void An_offset_or_length_past_the_end_makes_a_request_malformed(int offset, ulong value)
    {
        var get = Wire.Payload("command-get-request").ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(get.AsSpan(offset), value);
        Assert.Equal(RequestReadResult.Malformed, CommandRequest.TryRead(get, out _, out _));
    }

    [Fact]
    public void A_length_of_0_is_absent_whatever_its_offset_says()
    {
        var get = Wire.Payload("command-get-request").ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(get.AsSpan(56), ulong.MaxValue);
        Assert.Equal(RequestReadResult.Ok, CommandRequest.TryRead(get, out _, out var request));
        Assert.True(((GetRequest)request!).PassPhrase.IsEmpty);
    }

    [Fact]
    public void An_error_may_leave_out_what_only_a_success_needs()
    {
        var head = new CommandReply(CommandType.Delete, ResultCode.Ok).ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(head, (ulong)CommandType.Get);
        Assert.False(CommandReply.TryRead(head, out _));
        BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(8), ResultCode.Error(ResultDetail.Invalid).Value);
        Assert.True(CommandReply.TryRead(head, out var reply));
        Assert.Equal(ResultDetail.Invalid, reply.Result.Detail);
    }

    private static T Read<T>(string name)
        where T : CommandRequest
    {
        Assert.Equal(RequestReadResult.Ok, CommandRequest.TryRead(Wire.Payload($"command-{name}-request"), out _, out var request));
        return Assert.IsType<T>(request);
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    [Fact]
    public void A_value_that_follows_is_counted_and_found_behind_the_command()
    {
        var request = new SetRequest("key"u8.ToArray(), default) { FollowingLength = 5, PassPhrase = "p\0"u8.ToArray(), Number = 7 };
        byte[] whole = [.. request.ToArray(), .. "value"u8];
        Assert.Equal(whole.Length, request.EncodedLength);
        Assert.Equal(RequestReadResult.Ok, CommandRequest.TryRead(whole, out _, out var read));
        Assert.Equal(("key", "value", "p\0"),
            (Text(((SetRequest)read!).Key), Text(((SetRequest)read).Value), Text(((SetRequest)read).PassPhrase)));

        static string Text(ReadOnlyMemory<byte> bytes) => System.Text.Encoding.UTF8.GetString(bytes.Span);
    }

    [Fact]
    public void Lengths_near_two_gigabytes_do_not_wrap()
    {
        var large = new Boundless().Of(int.MaxValue);
        Assert.Equal((2L * int.MaxValue) + 122, new SetRequest(large, large).EncodedLength);
        Assert.Throws<OverflowException>(() => new SetRequest(large, large).WrittenLength);
    }

    /// <summary>Memory that has a length only.</summary>
    private sealed class Boundless : System.Buffers.MemoryManager<byte>
    {
        public ReadOnlyMemory<byte> Of(int length) => CreateMemory(length);

        public override Span<byte> GetSpan() => throw new NotSupportedException();

        public override System.Buffers.MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
