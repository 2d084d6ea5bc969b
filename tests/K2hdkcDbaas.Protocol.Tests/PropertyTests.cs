using FsCheck;
using FsCheck.Fluent;
using K2hdkcDbaas.Protocol.Commands;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Protocol.Tests;

public class PropertyTests
{
    private static readonly Arbitrary<byte[]> Bytes = ArbMap.Default.ArbFor<byte[]>();

    [Fact]
    public void Every_request_survives_the_wire() =>
        Prop.ForAll(Bytes, Bytes, ArbMap.Default.ArbFor<(bool Flag, long? Number, ulong Id)>(), (a, b, x) =>
        {
            CommandRequest[] requests =
            [
                new GetRequest(a) { PassPhrase = b, CheckAttributes = x.Flag },
                new GetDirectRequest(a, x.Id, x.Number ?? 0),
                new GetSubkeysRequest(a) { CheckAttributes = x.Flag },
                new GetAttributesRequest(a),
                new GetAttributeRequest(a, b),
                new SetRequest(a, b) { Attributes = b, PassPhrase = a, Expiry = x.Number, RemoveSubkeys = x.Flag, QueueKind = x.Id },
                new SetDirectRequest(a, b, x.Number ?? 0),
                new SetSubkeysRequest(a, b),
                new SetAllRequest(a, b, a, b),
                new AddSubkeyRequest(a, b) { CheckAttributes = x.Flag },
                new RemoveSubkeyRequest(a, b) { CheckAttributes = x.Flag },
                new DeleteRequest(a),
                new RenameRequest(a, b) { PassPhrase = a, CheckAttributes = x.Flag },
                new QueuePushRequest(a, b) { ItemKey = b, Attributes = a, PassPhrase = b, Expiry = x.Number, CheckAttributes = x.Flag,
                    IsFifo = !x.Flag },
                new QueuePopRequest(a) { PassPhrase = b, CheckAttributes = x.Flag, IsFifo = !x.Flag, IsKeyQueue = x.Flag },
                new CounterInitRequest(a, b) { PassPhrase = a, Expiry = x.Number },
                new CounterGetRequest(a) { PassPhrase = b, CheckAttributes = x.Flag },
                new CounterSetRequest(a, b, a) { PassPhrase = b, Expiry = x.Number, CheckAttributes = x.Flag },
                new CounterStepRequest(a) { PassPhrase = b, Expiry = x.Number, CheckAttributes = x.Flag, IsIncrement = !x.Flag },
                new StateRequest(x.Id, x.Id),
                new ReplicateKeyRequest(x.Id, x.Id, a) { Value = b, Subkeys = a, Attributes = b, Seconds = x.Id, Nanoseconds = x.Id },
                new ReplicateDeleteRequest(x.Id, x.Id, a) { Seconds = x.Id, Nanoseconds = x.Id },
            ];
            return requests.All(request =>
            {
                request = request with { Number = x.Id };
                var bytes = request.ToArray();
                return bytes.Length == request.EncodedLength
                    && CommandRequest.TryRead(bytes, out var head, out var read) == RequestReadResult.Ok
                    && head.Command == request.Command && read!.GetType() == request.GetType()
                    && read.ToArray().AsSpan().SequenceEqual(bytes);
            });
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_reply_survives_the_wire() => Prop.ForAll(Bytes, Bytes, ArbMap.Default.ArbFor<ulong>(), (a, b, number) =>
        Enum.GetValues<CommandType>().All(command =>
        {
            var bytes = new CommandReply(command, ResultCode.NoData)
            {
                Number = number,
                Data = HasData(command) ? a : default,
                ItemKey = command == CommandType.QueuePop ? b : default
            }.ToArray();
            return CommandReply.TryRead(bytes, out var read) && read.Command == command && read.Number == number
                && read.ToArray().AsSpan().SequenceEqual(bytes)
                && (!HasData(command) || read.Data.Span.SequenceEqual(a));
        })).QuickCheckThrowOnFailure();

    [Fact]
    public void Lists_come_back_sorted_and_without_doubles() => Prop.ForAll(ArbMap.Default.ArbFor<byte[][]>(), names =>
    {
        var blob = SubkeyList.Encode(names.Select(n => new ReadOnlyMemory<byte>(n)));
        var wanted = names.Select(Convert.ToHexString).Distinct().OrderBy(n => n, StringComparer.Ordinal);
        return SubkeyList.TryDecode(blob, out var read) && read.Select(n => Convert.ToHexString(n.Span)).SequenceEqual(wanted);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Attributes_come_back_and_the_last_of_a_name_counts() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte[] Name, byte[] Value)[]>(), pairs =>
        {
            var blob = AttributeList.Encode(pairs.Select(p => new KeyAttribute(p.Name, p.Value)));
            var wanted = pairs.GroupBy(p => Convert.ToHexString(p.Name)).OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => g.Key + "=" + Convert.ToHexString(g.Last().Value));
            return AttributeList.TryDecode(blob, out var read)
                && read.Select(a => Convert.ToHexString(a.Name.Span) + "=" + Convert.ToHexString(a.Value.Span)).SequenceEqual(wanted);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_key_always_goes_to_one_of_its_owners_and_never_to_one_that_cannot_answer()
    {
        ulong[] statuses =
            [0x21, 0x1021, 0x2021, 0x3021, 0x1121, 0x2121, 0x3121, 0x1221, 0x2221, 0x3221, 0x20, 0x1220, 0x3220, 0x11, 0x10, 0x10021,
                0x10011];
        var rings = Gen.Choose(1, 8).SelectMany(n => Gen.Elements(statuses).ListOf(n)).ToArbitrary();
        Prop.ForAll(rings, ArbMap.Default.ArbFor<ulong>(), Gen.Choose(0, 3).ToArbitrary(), (list, hash, replicas) =>
        {
            var ring = new RingState(NodeIdType.Name, DeliveryMode.Hash, replicas, list.Select((status, i) =>
                new ServerRecord { Id = (ulong)i, Name = "n", Port = i, ControlPort = i, Status = new NodeStatus(status) }));
            var target = ring.Route(hash);
            var candidates = ring.Candidates(hash);
            return target is null
                ? !candidates.Any(c => c.Status.TakesRoutedKeys)
                : target.Status is { CanAnswer: true, TakesRoutedKeys: true }
                    && candidates.First(c => c.Status.TakesRoutedKeys).Id == target.Id;
        }).QuickCheckThrowOnFailure();
    }

    private static bool HasData(CommandType command) =>
        command is CommandType.Get or CommandType.GetDirect or CommandType.GetSubkeys or CommandType.GetAttributes
            or CommandType.GetAttribute or CommandType.CounterGet or CommandType.QueuePop or CommandType.State;
}
