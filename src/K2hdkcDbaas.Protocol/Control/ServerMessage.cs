using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Protocol.Control;

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
