using K2hdkcDbaas.Protocol.Frames;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Protocol.Control;

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
        for (var i = 0; i < servers.Length; i++)
            servers[i] = ServerRecord.Read(payload.Slice((int)(offset + ((ulong)i * size)), (int)size), version);
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
