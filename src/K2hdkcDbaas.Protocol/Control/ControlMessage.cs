using K2hdkcDbaas.Protocol.Frames;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Protocol.Control;

/// <summary>A message between CHMPX nodes (PXCOM): a head of 24 bytes, then what its type asks for; all integers big-endian.</summary>
/// <param name="Type">Which message.</param>
public abstract record ControlMessage(ControlMessageType Type)
{
    /// <summary>Bytes of the head.</summary>
    public const int HeadSize = 24;

    internal const int ListHeadSize = 40;

    /// <summary>Whether the sender reports a failure.</summary>
    public bool IsFailure { get; init; }

    /// <summary>Bytes of the written message.</summary>
    public abstract int EncodedLength { get; }

    /// <summary>Reads a message.</summary>
    /// <param name="payload">The payload of a control frame.</param>
    /// <exception cref="ProtocolException">The bytes are no message, or shorter than their type asks for.</exception>
    public static ControlMessage Read(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < HeadSize) throw new ProtocolException($"A control message of {payload.Length} bytes is too short; {HeadSize} are needed.");
        var type = (ControlMessageType)WireFields.UInt64(payload, 0);
        var length = WireFields.UInt64(payload, 16);
        // Released chmpx leaves the head of this one as it finds it in memory (seen with 1.0.113).
        if (length != (ulong)payload.Length && type != ControlMessageType.UpdateDataResult) throw new ProtocolException($"A control message of type {type} says it has {length} bytes; {payload.Length} came.");
        var failed = WireFields.UInt64(payload, 8) != 0;
        return Content(type, payload, failed) with { IsFailure = failed };
    }

    /// <summary>Writes the message.</summary>
    /// <param name="payload">At least <see cref="EncodedLength"/> bytes.</param>
    public void Write(Span<byte> payload)
    {
        payload = payload[..EncodedLength];
        payload.Clear();
        WireFields.PutUInt64(payload, 0, (ulong)Type);
        WireFields.PutUInt64(payload, 8, IsFailure ? 1UL : 0UL);
        WireFields.PutUInt64(payload, 16, (ulong)EncodedLength);
        WriteContent(payload);
    }

    /// <summary>The whole frame: header and message.</summary>
    /// <param name="sender">Id of the sending node.</param>
    /// <param name="receiver">Id of the receiving node.</param>
    /// <param name="now">The time to write into the header.</param>
    /// <param name="protocolVersion">Protocol version of the ring.</param>
    public byte[] ToFrame(ulong sender, ulong receiver, DateTimeOffset now, ulong protocolVersion = 2)
    {
        var bytes = new byte[FrameHeader.Size + EncodedLength];
        FrameHeader.ForControl(sender, receiver, EncodedLength, now, protocolVersion).Write(bytes);
        Write(bytes.AsSpan(FrameHeader.Size));
        return bytes;
    }

    internal abstract void WriteContent(Span<byte> payload);

    private static ControlMessage Content(ControlMessageType type, ReadOnlySpan<byte> payload, bool failed)
    {
        // A refusal may come without the content that a success has.
        if (failed && payload.Length == HeadSize) return new EmptyMessage(type);
        return type switch
        {
            ControlMessageType.VersionResponse => VersionResponse.ReadContent(payload),
            ControlMessageType.ConnectRequest or ControlMessageType.ConnectRequestV1 => ConnectRequest.ReadContent(type, payload),
            ControlMessageType.StatusResponse or ControlMessageType.StatusUpdate or ControlMessageType.StatusConfirm => ServerListMessage.ReadContent(type, payload, 2),
            ControlMessageType.StatusResponseV1 or ControlMessageType.StatusUpdateV1 or ControlMessageType.StatusConfirmV1 => ServerListMessage.ReadContent(type, payload, 1),
            ControlMessageType.StatusChange or ControlMessageType.JoinRing => ServerMessage.ReadContent(type, payload, 2),
            ControlMessageType.StatusChangeV1 or ControlMessageType.JoinRingV1 => ServerMessage.ReadContent(type, payload, 1),
            ControlMessageType.MergeSuspendResponse => MergeSuspendResponse.ReadContent(payload),
            ControlMessageType.ServerDown => ServerDownMessage.ReadContent(payload),
            ControlMessageType.RequestUpdateData or ControlMessageType.UpdateData or ControlMessageType.UpdateDataResult => OpaqueMessage.ReadContent(type, payload),
            _ when Enum.IsDefined(type) && payload.Length == HeadSize => new EmptyMessage(type),
            _ => OpaqueMessage.ReadContent(type, payload),
        };
    }

    internal static void Need(ReadOnlySpan<byte> payload, int length, ControlMessageType type)
    {
        if (payload.Length != length) throw new ProtocolException($"A control message of type {type} has {length} bytes; {payload.Length} came.");
    }
}

/// <summary>A message that is its head alone: requests without parameters, plain answers, merge notices.</summary>
/// <param name="Type">Which message.</param>
public sealed record EmptyMessage(ControlMessageType Type) : ControlMessage(Type)
{
    /// <inheritdoc/>
    public override int EncodedLength => HeadSize;

    internal override void WriteContent(Span<byte> payload)
    {
    }
}

/// <summary>A message whose content only servers understand; kept as bytes.</summary>
/// <param name="Type">Which message.</param>
/// <param name="Content">The bytes after the head.</param>
public sealed record OpaqueMessage(ControlMessageType Type, ReadOnlyMemory<byte> Content) : ControlMessage(Type)
{
    /// <inheritdoc/>
    public override int EncodedLength => HeadSize + Content.Length;

    internal static OpaqueMessage ReadContent(ControlMessageType type, ReadOnlySpan<byte> payload) => new(type, payload[HeadSize..].ToArray());

    internal override void WriteContent(Span<byte> payload) => Content.Span.CopyTo(payload[HeadSize..]);
}

/// <summary>What chmpx versions a node speaks and is.</summary>
/// <param name="ProtocolVersion">The newest protocol version it speaks.</param>
/// <param name="CurrentVersion">The protocol version that its ring uses now.</param>
/// <param name="BinaryVersion">Its program's version: major number in the upper half, patch number in the lower.</param>
/// <param name="Version">Its program's version as text, such as <c>1.0.113</c>.</param>
/// <param name="Commit">The commit it was built from.</param>
public sealed record VersionResponse(ulong ProtocolVersion, ulong CurrentVersion, ulong BinaryVersion, string Version, string Commit)
    : ControlMessage(ControlMessageType.VersionResponse)
{
    private const int Length = 112;
    private const int TextLength = 32;

    /// <inheritdoc/>
    public override int EncodedLength => Length;

    internal static VersionResponse ReadContent(ReadOnlySpan<byte> payload)
    {
        Need(payload, Length, ControlMessageType.VersionResponse);
        return new VersionResponse(
            WireFields.UInt64(payload, 24), WireFields.UInt64(payload, 32), WireFields.UInt64(payload, 40),
            WireFields.Text(payload.Slice(48, TextLength)), WireFields.Text(payload.Slice(80, TextLength)));
    }

    internal override void WriteContent(Span<byte> payload)
    {
        WireFields.PutUInt64(payload, 24, ProtocolVersion);
        WireFields.PutUInt64(payload, 32, CurrentVersion);
        WireFields.PutUInt64(payload, 40, BinaryVersion);
        WireFields.PutText(payload.Slice(48, TextLength), Version, "version");
        WireFields.PutText(payload.Slice(80, TextLength), Commit, "commit");
    }
}

/// <summary>A node introduces itself on a new connection (CONINIT). The server checks name, port and CUK against its configuration and computes the id itself.</summary>
/// <param name="Name">The node's host name.</param>
/// <param name="Id">Its id.</param>
/// <param name="ControlPort">Its control port; -1 skips the server's check of it.</param>
public sealed record ConnectRequest(string Name, ulong Id, int ControlPort) : ControlMessage(ControlMessageType.ConnectRequest)
{
    private const int Length = 21587;
    private const int LengthV1 = 34;
    private const int SeedLength = 2048;

    /// <summary>Its CUK, or empty.</summary>
    public string Cuk { get; init; } = "";

    /// <summary>Its id seed, or empty.</summary>
    public string CustomSeed { get; init; } = "";

    /// <summary>Its endpoints. Real receivers garble the ports of this and the following lists: clients leave them empty.</summary>
    public IReadOnlyList<HostPort> Endpoints { get; init; } = [];

    /// <summary>Its control endpoints.</summary>
    public IReadOnlyList<HostPort> ControlEndpoints { get; init; } = [];

    /// <summary>Hosts it forwards through.</summary>
    public IReadOnlyList<HostPort> ForwardPeers { get; init; } = [];

    /// <summary>Hosts it is reached through.</summary>
    public IReadOnlyList<HostPort> ReversePeers { get; init; } = [];

    /// <inheritdoc/>
    public override int EncodedLength => Type == ControlMessageType.ConnectRequestV1 ? LengthV1 : Length;

    /// <summary>The same introduction in protocol version 1, which knows id and control port only.</summary>
    public ConnectRequest ToV1() => this with { Type = ControlMessageType.ConnectRequestV1 };

    internal static ConnectRequest ReadContent(ControlMessageType type, ReadOnlySpan<byte> payload)
    {
        if (type == ControlMessageType.ConnectRequestV1)
        {
            Need(payload, LengthV1, type);
            return new ConnectRequest("", WireFields.UInt64(payload, 24), WireFields.Port(payload, 32)).ToV1();
        }

        Need(payload, Length, type);
        return new ConnectRequest(WireFields.Text(payload.Slice(24, WireFields.HostLength)), WireFields.UInt64(payload, 1049), WireFields.Port(payload, 1057))
        {
            Cuk = WireFields.Text(payload.Slice(1059, SeedLength)),
            CustomSeed = WireFields.Text(payload.Slice(3107, SeedLength)),
            Endpoints = WireFields.Pairs(payload.Slice(5155, WireFields.PairListLength)),
            ControlEndpoints = WireFields.Pairs(payload.Slice(9263, WireFields.PairListLength)),
            ForwardPeers = WireFields.Pairs(payload.Slice(13371, WireFields.PairListLength)),
            ReversePeers = WireFields.Pairs(payload.Slice(17479, WireFields.PairListLength)),
        };
    }

    internal override void WriteContent(Span<byte> payload)
    {
        if (Type == ControlMessageType.ConnectRequestV1)
        {
            WireFields.PutUInt64(payload, 24, Id);
            WireFields.PutPort(payload, 32, ControlPort);
            return;
        }

        WireFields.PutText(payload.Slice(24, WireFields.HostLength), Name, "node name");
        WireFields.PutUInt64(payload, 1049, Id);
        WireFields.PutPort(payload, 1057, ControlPort);
        WireFields.PutText(payload.Slice(1059, SeedLength), Cuk, "CUK");
        WireFields.PutText(payload.Slice(3107, SeedLength), CustomSeed, "custom id seed");
        WireFields.PutPairs(payload.Slice(5155, WireFields.PairListLength), Endpoints);
        WireFields.PutPairs(payload.Slice(9263, WireFields.PairListLength), ControlEndpoints);
        WireFields.PutPairs(payload.Slice(13371, WireFields.PairListLength), ForwardPeers);
        WireFields.PutPairs(payload.Slice(17479, WireFields.PairListLength), ReversePeers);
    }
}

/// <summary>A list of servers: the answer to a status request, or a status that goes round the ring.</summary>
/// <param name="Type">Which message.</param>
/// <param name="Servers">The servers.</param>
public sealed record ServerListMessage(ControlMessageType Type, IReadOnlyList<ServerRecord> Servers) : ControlMessage(Type)
{
    /// <inheritdoc/>
    public override int EncodedLength => checked(ListHeadSize + (Servers.Count * ServerRecord.SizeOf(Version)));

    private ulong Version => Type >= ControlMessageType.StatusRequest ? 2UL : 1UL;

    internal static ServerListMessage ReadContent(ControlMessageType type, ReadOnlySpan<byte> payload, ulong version)
    {
        if (payload.Length < ListHeadSize) throw new ProtocolException($"A list of servers of {payload.Length} bytes is too short.");
        var count = WireFields.UInt64(payload, 24);
        var offset = WireFields.UInt64(payload, 32);
        var size = (ulong)ServerRecord.SizeOf(version);
        var length = (ulong)payload.Length;
        if (count > length / size || (count > 0 && (offset < ListHeadSize || offset > length || count * size > length - offset)))
            throw new ProtocolException($"A list of {count} servers at offset {offset} does not fit into the {length} bytes that came.");
        var servers = new ServerRecord[count];
        for (var i = 0; i < servers.Length; i++) servers[i] = ServerRecord.Read(payload.Slice((int)(offset + ((ulong)i * size)), (int)size), version);
        return new ServerListMessage(type, servers);
    }

    internal override void WriteContent(Span<byte> payload)
    {
        WireFields.PutUInt64(payload, 24, (ulong)Servers.Count);
        WireFields.PutUInt64(payload, 32, ListHeadSize);
        var size = ServerRecord.SizeOf(Version);
        for (var i = 0; i < Servers.Count; i++) Servers[i].Write(payload.Slice(ListHeadSize + (i * size), size), Version);
    }
}

/// <summary>One server's record: a change of its status, or its wish to join.</summary>
/// <param name="Type">Which message.</param>
/// <param name="Server">The server.</param>
public sealed record ServerMessage(ControlMessageType Type, ServerRecord Server) : ControlMessage(Type)
{
    /// <inheritdoc/>
    public override int EncodedLength => HeadSize + ServerRecord.SizeOf(Version);

    private ulong Version => Type >= ControlMessageType.StatusRequest ? 2UL : 1UL;

    internal static ServerMessage ReadContent(ControlMessageType type, ReadOnlySpan<byte> payload, ulong version)
    {
        Need(payload, HeadSize + ServerRecord.SizeOf(version), type);
        return new ServerMessage(type, ServerRecord.Read(payload[HeadSize..], version));
    }

    internal override void WriteContent(Span<byte> payload) => Server.Write(payload[HeadSize..], Version);
}

/// <summary>Whether merging is suspended in the ring.</summary>
/// <param name="IsSuspended">Whether it is.</param>
public sealed record MergeSuspendResponse(bool IsSuspended) : ControlMessage(ControlMessageType.MergeSuspendResponse)
{
    /// <inheritdoc/>
    public override int EncodedLength => HeadSize + 1;

    internal static MergeSuspendResponse ReadContent(ReadOnlySpan<byte> payload)
    {
        Need(payload, HeadSize + 1, ControlMessageType.MergeSuspendResponse);
        return new MergeSuspendResponse(payload[HeadSize] != 0);
    }

    internal override void WriteContent(Span<byte> payload) => payload[HeadSize] = IsSuspended ? (byte)1 : (byte)0;
}

/// <summary>A server is gone (between servers).</summary>
/// <param name="Id">Its id.</param>
public sealed record ServerDownMessage(ulong Id) : ControlMessage(ControlMessageType.ServerDown)
{
    /// <inheritdoc/>
    public override int EncodedLength => HeadSize + sizeof(ulong);

    internal static ServerDownMessage ReadContent(ReadOnlySpan<byte> payload)
    {
        Need(payload, HeadSize + sizeof(ulong), ControlMessageType.ServerDown);
        return new ServerDownMessage(WireFields.UInt64(payload, HeadSize));
    }

    internal override void WriteContent(Span<byte> payload) => WireFields.PutUInt64(payload, HeadSize, Id);
}
