namespace K2hdkcDbaas.Protocol.Commands;

/// <summary>Reads the state of a server's store.</summary>
/// <param name="NodeId">The server's own id; another is the error <see cref="ResultDetail.NotSameNode"/>.</param>
/// <param name="BaseSlot">The server's slot; also what the command is routed by.</param>
public sealed record StateRequest(ulong NodeId, ulong BaseSlot) : CommandRequest
{
    internal const int Fixed = 56;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.State;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => default;

    /// <inheritdoc/>
    public override ulong RoutingHash => BaseSlot;

    internal override int FixedSize => Fixed;

    internal override long DataSize => 0;

    internal static StateRequest Read(ref PayloadReader r)
    {
        var nodeId = r.UInt64();
        var baseSlot = r.UInt64();
        return new StateRequest(nodeId, baseSlot);
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.UInt64(NodeId);
        writer.UInt64(BaseSlot);
    }
}
