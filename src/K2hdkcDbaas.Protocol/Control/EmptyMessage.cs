namespace K2hdkcDbaas.Protocol.Control;

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
