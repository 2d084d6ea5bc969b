using K2hdkcDbaas.Protocol.Hashing;

namespace K2hdkcDbaas.Protocol.Commands;

/// <summary>A command for a server. Clients write it, servers read it.</summary>
public abstract record CommandRequest
{
    private protected CommandRequest()
    {
    }

    /// <summary>Which command.</summary>
    public abstract CommandType Command { get; }

    /// <summary>The client's number of the command; the server echoes it.</summary>
    public ulong Number { get; init; }

    /// <summary>What the command is routed by: the hash of its key, or of a queue's name.</summary>
    public virtual ulong RoutingHash => K2hash.Hash(RoutedAs.IsEmpty ? RoutingKey.Span : RoutedAs.Span);

    /// <summary>
    /// A key whose server is to be asked instead of the command's own: a queue's marker lies with the queue's name. Not sent.
    /// </summary>
    public ReadOnlyMemory<byte> RoutedAs { get; init; }

    /// <summary>Bytes of the whole command, as its head and its frame tell them.</summary>
    public long EncodedLength => FixedSize + DataSize + FollowingSize;

    /// <summary>Bytes that <see cref="Write"/> writes: all but a value that follows.</summary>
    public int WrittenLength => checked((int)(FixedSize + DataSize));

    /// <summary>The key, or the queue's name, by which a server is chosen.</summary>
    public abstract ReadOnlyMemory<byte> RoutingKey { get; }

    internal abstract int FixedSize { get; }

    internal abstract long DataSize { get; }

    internal virtual long FollowingSize => 0;

    /// <summary>Reads a request.</summary>
    /// <param name="payload">The payload of a command frame; the request keeps parts of it.</param>
    /// <param name="head">The head, where there is one.</param>
    /// <param name="request">The request; null unless the result is <see cref="RequestReadResult.Ok"/>.</param>
    public static RequestReadResult TryRead(ReadOnlyMemory<byte> payload, out CommandHead head, out CommandRequest? request)
    {
        request = null;
        if (!CommandHead.TryRead(payload.Span, out head)) return RequestReadResult.NoHead;
        if (!head.IsRequest) return RequestReadResult.NotARequest;
        var fixedSize = FixedSizeOf(head.Command);
        if (fixedSize == 0) return RequestReadResult.UnknownCommand;
        if (payload.Length < fixedSize) return RequestReadResult.Malformed;
        var reader = new PayloadReader(payload, CommandHead.Size);
        var read = ReadFields(head.Command, ref reader) with { Number = head.Number };
        if (reader.IsBroken) return RequestReadResult.Malformed;
        request = read;
        return RequestReadResult.Ok;
    }

    /// <summary>Writes the command.</summary>
    /// <param name="payload">At least <see cref="WrittenLength"/> bytes.</param>
    public void Write(Span<byte> payload)
    {
        var writer = new PayloadWriter(payload[..WrittenLength], FixedSize, FollowingSize);
        writer.Head(Command, ResultCode.Request, Number);
        WriteFields(ref writer);
    }

    /// <summary>The command's bytes, without a value that follows.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[WrittenLength];
        Write(bytes);
        return bytes;
    }

    internal abstract void WriteFields(ref PayloadWriter writer);

    private static int FixedSizeOf(CommandType command) => command switch
    {
        CommandType.Get => GetRequest.Fixed,
        CommandType.GetDirect => GetDirectRequest.Fixed,
        CommandType.GetSubkeys => GetSubkeysRequest.Fixed,
        CommandType.GetAttributes => GetAttributesRequest.Fixed,
        CommandType.GetAttribute => GetAttributeRequest.Fixed,
        CommandType.Set => SetRequest.Fixed,
        CommandType.SetDirect => SetDirectRequest.Fixed,
        CommandType.SetSubkeys => SetSubkeysRequest.Fixed,
        CommandType.SetAll => SetAllRequest.Fixed,
        CommandType.AddSubkey => AddSubkeyRequest.Fixed,
        CommandType.Delete => DeleteRequest.Fixed,
        CommandType.RemoveSubkey => RemoveSubkeyRequest.Fixed,
        CommandType.Rename => RenameRequest.Fixed,
        CommandType.QueuePush => QueuePushRequest.Fixed,
        CommandType.QueuePop => QueuePopRequest.Fixed,
        CommandType.CounterInit => CounterInitRequest.Fixed,
        CommandType.CounterGet => CounterGetRequest.Fixed,
        CommandType.CounterSet => CounterSetRequest.Fixed,
        CommandType.CounterStep => CounterStepRequest.Fixed,
        CommandType.ReplicateKey => ReplicateKeyRequest.Fixed,
        CommandType.State => StateRequest.Fixed,
        CommandType.ReplicateDelete => ReplicateDeleteRequest.Fixed,
        _ => 0,
    };

    private static CommandRequest ReadFields(CommandType command, ref PayloadReader r) => command switch
    {
        CommandType.Get => GetRequest.Read(ref r),
        CommandType.GetDirect => GetDirectRequest.Read(ref r),
        CommandType.GetSubkeys => GetSubkeysRequest.Read(ref r),
        CommandType.GetAttributes => GetAttributesRequest.Read(ref r),
        CommandType.GetAttribute => GetAttributeRequest.Read(ref r),
        CommandType.Set => SetRequest.Read(ref r),
        CommandType.SetDirect => SetDirectRequest.Read(ref r),
        CommandType.SetSubkeys => SetSubkeysRequest.Read(ref r),
        CommandType.SetAll => SetAllRequest.Read(ref r),
        CommandType.AddSubkey => AddSubkeyRequest.Read(ref r),
        CommandType.Delete => DeleteRequest.Read(ref r),
        CommandType.RemoveSubkey => RemoveSubkeyRequest.Read(ref r),
        CommandType.Rename => RenameRequest.Read(ref r),
        CommandType.QueuePush => QueuePushRequest.Read(ref r),
        CommandType.QueuePop => QueuePopRequest.Read(ref r),
        CommandType.CounterInit => CounterInitRequest.Read(ref r),
        CommandType.CounterGet => CounterGetRequest.Read(ref r),
        CommandType.CounterSet => CounterSetRequest.Read(ref r),
        CommandType.CounterStep => CounterStepRequest.Read(ref r),
        CommandType.ReplicateKey => ReplicateKeyRequest.Read(ref r),
        CommandType.State => StateRequest.Read(ref r),
        CommandType.ReplicateDelete => ReplicateDeleteRequest.Read(ref r),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command that travels."),
    };
}
