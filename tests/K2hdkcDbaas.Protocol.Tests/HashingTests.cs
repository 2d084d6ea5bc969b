using System.Text;
using K2hdkcDbaas.Protocol.Hashing;

namespace K2hdkcDbaas.Protocol.Tests;

/// <summary>Vectors printed by the real libk2hash and seen on real rings.</summary>
public class HashingTests
{
    [Theory]
    [InlineData("", 0x0000000000000000, 0x0000000000000000)]
    [InlineData("61", 0xaf63dc4c8601ec8c, 0xaf63dc4c8601ec8c)]
    [InlineData("6162", 0x089c4407b545986a, 0xaf63dc4c8601ec8c)]
    [InlineData("68656c6c6f", 0xa430d84680aabd0b, 0x0a98fccc5fa23b26)]
    [InlineData("6b65793100", 0x7172b3f29643aa65, 0x5819c5d75cbda787)]
    [InlineData("80", 0x509c0cb379fdec5f, 0x509c0cb379fdec5f)]
    [InlineData("fffe", 0x0835ec07b4ee4fb0, 0x509c41b379fe466e)]
    [InlineData("e697a5e69cace8aa9e", 0xba043201675ea287, 0x9ad0b63dca355643)]
    public void Hashes_are_those_of_libk2hash(string hex, ulong hash, ulong second)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.Equal(hash, K2hash.Hash(bytes));
        Assert.Equal(second, K2hash.SecondHash(bytes));
    }

    [Fact]
    public void Every_byte_value_enters_as_a_signed_char()
    {
        var bytes = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        Assert.Equal(0xbb5a9398c1dfa025, K2hash.Hash(bytes));
        Assert.Equal(0xa18804d382ca8538, K2hash.SecondHash(bytes));
    }

    [Theory]
    [InlineData("PROTOKC:10.77.0.1:4723", 0xe3755ce7c77015ce)]
    [InlineData("PROTOKC:10.77.0.1:4725", 0xe3755981c77015ce)]
    [InlineData("PROTOKC:10.77.0.1:4727", 0xe375561bc77015ce)]
    [InlineData("PROTOKC:10.77.0.1:4737", 0xe3784a42c7701781)]
    [InlineData("PROTOKC:10.77.0.1:4741", 0xe37a837fc7701934)]
    [InlineData("LABDKC:192.0.2.2:46d3", 0xba187f5b4257278a)]
    [InlineData("PROTOBIG:10.77.0.1:ffff", 0xa720dd0f1addf153)]
    [InlineData("PROTOCUS:seed-server-1", 0x1c45cfe588992c36)]
    [InlineData("PROTOCUS:inst-1", 0xcf5e93e60789edb3)]
    public void Node_ids_are_those_of_chmpx(string seed, ulong id) => Assert.Equal(id, NodeIdentity.FromSeed(seed));

    [Fact]
    public void The_seed_follows_the_rings_id_type()
    {
        Assert.Equal("G:host:4723", NodeIdentity.Seed(NodeIdType.Name, "G", "host", 18211));
        Assert.Equal("G:host:ffff", NodeIdentity.Seed(NodeIdType.Name, "G", "host", -1));
        Assert.Equal("G:host:9c40", NodeIdentity.Seed(NodeIdType.Name, "G", "host", 40000));
        Assert.Equal("G:me", NodeIdentity.Seed(NodeIdType.Cuk, "G", "host", 1, cuk: "me"));
        Assert.Equal("G:seed", NodeIdentity.Seed(NodeIdType.Custom, "G", "host", 1, customSeed: "seed"));
        Assert.Equal("G:a:1,b",
            NodeIdentity.Seed(NodeIdType.ControlEndpoints, "G", "host",
                1, controlEndpoints: [new HostPort("a", 1), HostPort.Empty, new HostPort("b", -1)]));
        Assert.Equal("G:host:1", NodeIdentity.Seed(NodeIdType.ControlEndpoints, "G", "host", 1));
        Assert.Throws<ArgumentException>(() => NodeIdentity.Seed(NodeIdType.Custom, "G", "host", 1));
        Assert.Throws<ArgumentException>(() => NodeIdentity.Seed(NodeIdType.Cuk, "G", "host", 1));
    }

    [Fact]
    public void A_captured_client_and_server_have_the_ids_they_showed()
    {
        var header = Frames.FrameHeader.Read(Wire.Packet("command-get-request"), int.MaxValue);
        Assert.Equal(NodeIdentity.Compute(NodeIdType.Custom, "RING19000", "any", -1, customSeed: "golden-client"), header.Sender);
        Assert.Equal(K2hash.Hash(Encoding.UTF8.GetBytes("golden\0")), header.Hash);
        Assert.Equal(NodeIdentity.MessageBase(header.Sender), NodeIdentity.MessageBase(header.SenderMessageId));
    }
}
