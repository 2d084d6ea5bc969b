using K2hdkcDbaas.Protocol.Frames;

namespace K2hdkcDbaas.Protocol.Control;

/// <summary>
/// A node introduces itself on a new connection (CONINIT). The server checks name, port and CUK against its configuration and computes the
/// id itself.
/// </summary>
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
        return new ConnectRequest(WireFields.Text(payload.Slice(24, WireFields.HostLength)), WireFields.UInt64(payload, 1049),
            WireFields.Port(payload, 1057))
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
