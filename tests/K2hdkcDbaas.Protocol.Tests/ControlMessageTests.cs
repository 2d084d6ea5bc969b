using System.Buffers.Binary;
using K2hdkcDbaas.Protocol.Control;
using K2hdkcDbaas.Protocol.Frames;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Protocol.Tests;

public class ControlMessageTests
{
    public static TheoryData<string> Messages => new(Wire.Names.Where(n => n.StartsWith("control", StringComparison.Ordinal)));

    public static TheoryData<string> RequestsOfTheClient =>
        ["control-version-request", "control-connect-request", "control-status-request", "control-merge-suspend-request"];

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_captured_message_says_the_same_after_it_is_written_again(string name)
    {
        var message = ControlMessage.Read(Wire.Payload(name).Span);
        var bytes = new byte[message.EncodedLength];
        message.Write(bytes);
        Assert.Equal(Wire.Payload(name).Length, bytes.Length);
        var again = ControlMessage.Read(bytes);
        Assert.Equal(message.Type, again.Type);
        Assert.Equivalent(message, again, strict: true);
    }

    [Theory]
    [MemberData(nameof(RequestsOfTheClient))]
    public void What_a_client_sends_is_captured_byte_for_byte(string name)
    {
        var message = ControlMessage.Read(Wire.Payload(name).Span);
        var bytes = new byte[message.EncodedLength];
        message.Write(bytes);
        Assert.Equal(Wire.Payload(name).ToArray(), bytes);
    }

    [Fact]
    public void Versions_are_read()
    {
        var version = Assert.IsType<VersionResponse>(ControlMessage.Read(Wire.Payload("control-version-response").Span));
        Assert.Equal((2UL, 2UL, (1UL << 32) | 113), (version.ProtocolVersion, version.CurrentVersion, version.BinaryVersion));
        Assert.Equal(("1.0.113", "c569e0e"), (version.Version, version.Commit));
    }

    [Fact]
    public void The_list_of_servers_is_read_with_texts_cut_at_their_first_NUL()
    {
        var list = Assert.IsType<ServerListMessage>(ControlMessage.Read(Wire.Payload("control-status-response").Span));
        Assert.Equal(["svr-0", "svr-1", "svr-2"], list.Servers.Select(s => s.CustomSeed).Order());
        Assert.All(list.Servers, s =>
        {
            Assert.Equal("127.0.0.2", s.Name);
            Assert.Equal(s.Port + 1, s.ControlPort);
            Assert.Equal(NodeStatus.InService, s.Status);
            Assert.Equal(s.ComputeId(NodeIdType.Custom, "RING19000"), s.Id);
            Assert.Equal(ServerTls.None, s.Tls);
            Assert.Empty(s.Endpoints);
            Assert.Equal(2026, s.StatusTime.Time.Year);
        });
        var ring = new RingState(NodeIdType.Custom, DeliveryMode.Hash, 1, list.Servers);
        Assert.Equal(list.Servers.OrderBy(s => s.BaseSlot).Select(s => s.Id), ring.Servers.Select(s => s.Id));
        Assert.Equal(list.Servers.ToDictionary(s => s.Id, s => (s.BaseSlot, s.PendingSlot)),
            ring.Servers.ToDictionary(s => s.Id, s => (s.BaseSlot, s.PendingSlot)));
    }

    [Fact]
    public void The_introduction_carries_the_clients_id_and_seed()
    {
        var request = Assert.IsType<ConnectRequest>(ControlMessage.Read(Wire.Payload("control-connect-request").Span));
        Assert.Equal(("127.0.0.2", -1, "", "golden-client"), ("127.0.0.2", request.ControlPort, request.Cuk, request.CustomSeed));
        Assert.Equal(NodeIdentity.FromSeed("RING19000:golden-client"), request.Id);
    }

    [Fact]
    public void A_refused_introduction_is_a_failure()
    {
        var payload = Wire.Payload("control-connect-response").ToArray();
        BinaryPrimitives.WriteUInt64BigEndian(payload.AsSpan(8), 1);
        Assert.True(ControlMessage.Read(payload).IsFailure);
        Assert.False(ControlMessage.Read(Wire.Payload("control-connect-response").Span).IsFailure);
    }

    [Fact]
    public void Ports_above_32767_and_no_port_survive()
    {
        var record = new ServerRecord { Id = 1, Name = "a", Port = 65530, ControlPort = -1, Endpoints = [new HostPort("b", 40000)] };
        var bytes = new byte[ServerRecord.Size];
        record.Write(bytes);
        var read = ServerRecord.Read(bytes);
        Assert.Equal((65530, -1, new HostPort("b", 40000)), (read.Port, read.ControlPort, read.Endpoints.Single()));
    }

    [Fact]
    public void The_first_protocols_forms_are_known_too()
    {
        var record = new ServerRecord { Id = 7, Name = "old", Port = 1, ControlPort = 2, Cuk = "not sent" };
        var list = new ServerListMessage(ControlMessageType.StatusResponseV1, [record]);
        Assert.Equal(40 + 6192, list.EncodedLength);
        var bytes = new byte[list.EncodedLength];
        list.Write(bytes);
        var read = Assert.IsType<ServerListMessage>(ControlMessage.Read(bytes));
        Assert.Equal((7UL, "old", ""), (read.Servers[0].Id, read.Servers[0].Name, read.Servers[0].Cuk));
        var hello = new ConnectRequest("x", 9, 18241).ToV1();
        bytes = new byte[hello.EncodedLength];
        hello.Write(bytes);
        Assert.Equal(34, bytes.Length);
        Assert.Equal(18241, Assert.IsType<ConnectRequest>(ControlMessage.Read(bytes)).ControlPort);
    }

    [Theory]
    [InlineData(24, 4UL)]
    [InlineData(24, ulong.MaxValue)]
    [InlineData(24, 1UL << 60)]
    [InlineData(32, 39UL)]
    [InlineData(32, 41UL)]
    [InlineData(32, ulong.MaxValue)]
    [InlineData(16, 1UL)]
    public void A_list_that_lies_about_its_size_is_refused_and_takes_no_memory(int offset, ulong value)
    {
        var payload = Wire.Payload("control-status-response").ToArray();
        BinaryPrimitives.WriteUInt64BigEndian(payload.AsSpan(offset), value);
        Assert.InRange(Memory.TakenBy(() => Assert.Throws<ProtocolException>(() => ControlMessage.Read(payload))), 0, 64 * 1024);
    }

    [Fact]
    public void A_text_that_does_not_fit_its_place_is_refused_when_writing()
    {
        var bytes = new byte[ServerRecord.Size];
        Assert.Throws<ArgumentException>(() => new ServerRecord { Id = 1, Name = new string('n', WireFields.HostLength) }.Write(bytes));
        Assert.Throws<ArgumentException>(
            () => new ServerRecord { Id = 1, Name = "n", Endpoints = Enumerable.Repeat(new HostPort("h", 1), 5).ToArray() }.Write(bytes));
    }
}
