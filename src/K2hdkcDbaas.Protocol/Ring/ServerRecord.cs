using System.Globalization;
using K2hdkcDbaas.Protocol.Frames;
using K2hdkcDbaas.Protocol.Hashing;

namespace K2hdkcDbaas.Protocol.Ring;

/// <summary>What a ring says of one of its servers (CHMPXSVR).</summary>
public sealed record ServerRecord
{
    /// <summary>Bytes of a record in protocol version 2.</summary>
    public const int Size = 26720;

    /// <summary>Bytes of a record in protocol version 1: its first part.</summary>
    public const int SizeV1 = 6192;

    /// <summary>No slot.</summary>
    public const ulong NoSlot = ulong.MaxValue;

    private const int PathLength = 1024;
    private const int SeedLength = 2048;

    /// <summary>The server's id.</summary>
    public required ulong Id { get; init; }

    /// <summary>Its host name, as all nodes of the ring know it.</summary>
    public required string Name { get; init; }

    /// <summary>Its slot in the present ring, or <see cref="NoSlot"/>.</summary>
    public ulong BaseSlot { get; init; } = NoSlot;

    /// <summary>Its slot in the ring after the merge, or <see cref="NoSlot"/>.</summary>
    public ulong PendingSlot { get; init; } = NoSlot;

    /// <summary>The port that nodes connect to.</summary>
    public int Port { get; init; } = -1;

    /// <summary>Its control port (text commands); -1 for none.</summary>
    public int ControlPort { get; init; } = -1;

    /// <summary>Its TLS settings.</summary>
    public ServerTls Tls { get; init; } = ServerTls.None;

    /// <summary>When its status changed.</summary>
    public StatusTime StatusTime { get; init; }

    /// <summary>Its status.</summary>
    public NodeStatus Status { get; init; }

    /// <summary>Its CUK, or empty.</summary>
    public string Cuk { get; init; } = "";

    /// <summary>Its id seed, or empty.</summary>
    public string CustomSeed { get; init; } = "";

    /// <summary>Other addresses it can be reached at; tried before its name and port.</summary>
    public IReadOnlyList<HostPort> Endpoints { get; init; } = [];

    /// <summary>Other addresses of its control port.</summary>
    public IReadOnlyList<HostPort> ControlEndpoints { get; init; } = [];

    /// <summary>Hosts it forwards through.</summary>
    public IReadOnlyList<HostPort> ForwardPeers { get; init; } = [];

    /// <summary>Hosts it is reached through.</summary>
    public IReadOnlyList<HostPort> ReversePeers { get; init; } = [];

    /// <summary>The id that follows from the record's own fields; a record whose id differs is useless to a real slave.</summary>
    /// <param name="type">What the ring makes ids from.</param>
    /// <param name="group">The ring's name.</param>
    public ulong ComputeId(NodeIdType type, string group) =>
        NodeIdentity.Compute(type, group, Name, ControlPort, Cuk, CustomSeed, ControlEndpoints);

    /// <summary>Reads a record.</summary>
    /// <param name="bytes">At least <see cref="Size"/> bytes, or <see cref="SizeV1"/> for protocol version 1.</param>
    /// <param name="protocolVersion">1 or 2.</param>
    /// <exception cref="ProtocolException">There are too few bytes.</exception>
    public static ServerRecord Read(ReadOnlySpan<byte> bytes, ulong protocolVersion = 2)
    {
        var size = SizeOf(protocolVersion);
        if (bytes.Length < size) throw new ProtocolException($"A server record of {bytes.Length} bytes is too short; {size} are needed.");
        var record = new ServerRecord
        {
            Id = WireFields.UInt64(bytes, 0),
            Name = WireFields.Text(bytes.Slice(8, WireFields.HostLength)),
            BaseSlot = WireFields.UInt64(bytes, 1033),
            PendingSlot = WireFields.UInt64(bytes, 1041),
            Port = WireFields.Port(bytes, 1049),
            ControlPort = WireFields.Port(bytes, 1051),
            Tls = ReadTls(bytes),
            StatusTime = new StatusTime(WireFields.UInt64(bytes, 6176)),
            Status = new NodeStatus(WireFields.UInt64(bytes, 6184)),
        };
        if (protocolVersion < 2) return record;
        return record with
        {
            Cuk = WireFields.Text(bytes.Slice(6192, SeedLength)),
            CustomSeed = WireFields.Text(bytes.Slice(8240, SeedLength)),
            Endpoints = WireFields.Pairs(bytes.Slice(10288, WireFields.PairListLength)),
            ControlEndpoints = WireFields.Pairs(bytes.Slice(14396, WireFields.PairListLength)),
            ForwardPeers = WireFields.Pairs(bytes.Slice(18504, WireFields.PairListLength)),
            ReversePeers = WireFields.Pairs(bytes.Slice(22612, WireFields.PairListLength)),
        };
    }

    /// <summary>Writes the record.</summary>
    /// <param name="bytes">At least <see cref="Size"/> bytes, or <see cref="SizeV1"/> for protocol version 1.</param>
    /// <param name="protocolVersion">1 or 2.</param>
    /// <exception cref="ArgumentException">A text or a list is longer than its place.</exception>
    public void Write(Span<byte> bytes, ulong protocolVersion = 2)
    {
        bytes = bytes[..SizeOf(protocolVersion)];
        WireFields.PutUInt64(bytes, 0, Id);
        WireFields.PutText(bytes.Slice(8, WireFields.HostLength), Name, "server name");
        WireFields.PutUInt64(bytes, 1033, BaseSlot);
        WireFields.PutUInt64(bytes, 1041, PendingSlot);
        WireFields.PutPort(bytes, 1049, Port);
        WireFields.PutPort(bytes, 1051, ControlPort);
        WriteTls(bytes);
        WireFields.PutUInt64(bytes, 6176, StatusTime.Value);
        WireFields.PutUInt64(bytes, 6184, Status.Value);
        if (protocolVersion < 2) return;
        WireFields.PutText(bytes.Slice(6192, SeedLength), Cuk, "CUK");
        WireFields.PutText(bytes.Slice(8240, SeedLength), CustomSeed, "custom id seed");
        WireFields.PutPairs(bytes.Slice(10288, WireFields.PairListLength), Endpoints);
        WireFields.PutPairs(bytes.Slice(14396, WireFields.PairListLength), ControlEndpoints);
        WireFields.PutPairs(bytes.Slice(18504, WireFields.PairListLength), ForwardPeers);
        WireFields.PutPairs(bytes.Slice(22612, WireFields.PairListLength), ReversePeers);
    }

    /// <summary>Bytes of a record.</summary>
    /// <param name="protocolVersion">1 or 2.</param>
    public static int SizeOf(ulong protocolVersion) => protocolVersion < 2 ? SizeV1 : Size;

    /// <summary>Name, ports, id and status on one line.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}:{Port} (control {ControlPort}, id {Id:x16}) {Status}");

    private static ServerTls ReadTls(ReadOnlySpan<byte> bytes) => new()
    {
        IsEnabled = bytes[1053] != 0,
        VerifyPeer = bytes[1054] != 0,
        IsCaFile = bytes[1055] != 0,
        CaPath = WireFields.Text(bytes.Slice(1056, PathLength)),
        ServerCertificate = WireFields.Text(bytes.Slice(2080, PathLength)),
        ServerKey = WireFields.Text(bytes.Slice(3104, PathLength)),
        SlaveCertificate = WireFields.Text(bytes.Slice(4128, PathLength)),
        SlaveKey = WireFields.Text(bytes.Slice(5152, PathLength)),
    };

    private void WriteTls(Span<byte> bytes)
    {
        bytes[1053] = Tls.IsEnabled ? (byte)1 : (byte)0;
        bytes[1054] = Tls.VerifyPeer ? (byte)1 : (byte)0;
        bytes[1055] = Tls.IsCaFile ? (byte)1 : (byte)0;
        WireFields.PutText(bytes.Slice(1056, PathLength), Tls.CaPath, "CA path");
        WireFields.PutText(bytes.Slice(2080, PathLength), Tls.ServerCertificate, "server certificate path");
        WireFields.PutText(bytes.Slice(3104, PathLength), Tls.ServerKey, "server key path");
        WireFields.PutText(bytes.Slice(4128, PathLength), Tls.SlaveCertificate, "slave certificate path");
        WireFields.PutText(bytes.Slice(5152, PathLength), Tls.SlaveKey, "slave key path");
    }
}
