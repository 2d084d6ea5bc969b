using K2hdkcDbaas.Protocol.Commands;
using K2hdkcDbaas.Protocol.Values;
using K2hdkcDbaas.Sandbox.Nodes.Store;

namespace K2hdkcDbaas.Sandbox.Nodes.Ring;

/// <summary>
/// Queues as the servers build them: a marker beside the queue's name and one key per item, chained by subkeys, each on the node that owns
/// it.
/// </summary>
internal sealed class QueueProcessor(NodeRing ring)
{
    private const ulong QueueItem = 1;
    private const ulong KeyQueueItem = 2;

    public CommandReply Push(RingMember node, QueuePushRequest r)
    {
        if (r.Value.IsEmpty) return CommandProcessor.Error(r, ResultDetail.Invalid);
        if (r.Prefix.IsEmpty) return CommandProcessor.Error(r, ResultDetail.GetMarker);
        var isKeyQueue = !r.ItemKey.IsEmpty;
        if (isKeyQueue && !Done(new SetRequest(r.ItemKey, r.Value) { PassPhrase = r.PassPhrase, Expiry = r.Expiry }))
            return CommandProcessor.Error(r, ResultDetail.SetValue);

        var item = QueueMarker.NewItemKey(r.Prefix.Span);
        var stored = new SetRequest(item, isKeyQueue ? r.ItemKey : r.Value)
        {
            Attributes = r.Attributes,
            PassPhrase = r.PassPhrase,
            Expiry = r.Expiry,
            QueueKind = isKeyQueue ? KeyQueueItem : QueueItem,
        };
        if (!Done(stored)) return CommandProcessor.Error(r, ResultDetail.SetValue);

        var markerKey = QueueMarker.KeyOf(r.Prefix.Span);
        var marker = MarkerOf(node, markerKey);
        var neighbour = r.IsFifo ? marker.Last : marker.First;
        SetMarker(node, markerKey, r.IsFifo ? marker.PushLast(item) : marker.PushFirst(item));

        var result = CommandProcessor.Ok(r);
        if (!neighbour.IsEmpty)
        {
            var chain = r.IsFifo ? new AddSubkeyRequest(neighbour, item) : new AddSubkeyRequest(item, neighbour);
            if (!Done(chain with { CheckAttributes = r.CheckAttributes })) result = CommandProcessor.Error(r, ResultDetail.AddSubkeyList);
        }

        ring.Replicate(node, markerKey);
        return result;
    }

    public CommandReply Pop(RingMember node, QueuePopRequest r)
    {
        if (r.Prefix.IsEmpty) return CommandProcessor.Error(r, ResultDetail.GetMarker);
        var markerKey = QueueMarker.KeyOf(r.Prefix.Span);
        var marker = MarkerOf(node, markerKey);
        if (marker.IsEmpty) return CommandProcessor.Error(r, ResultDetail.QueueEmpty);

        var item = marker.First;
        SetMarker(node, markerKey, marker.PopFirst(Next(item, r.CheckAttributes)));
        if (Take(item, r.PassPhrase) is not { } popped) return CommandProcessor.Error(r, ResultDetail.GetValue);
        ReadOnlyMemory<byte> key = default;
        if (r.IsKeyQueue)
        {
            key = popped;
            // An item that has expired names no key; the real server fails on the empty name.
            if (key.IsEmpty || Take(key, r.PassPhrase) is not { } value) return CommandProcessor.Error(r, ResultDetail.GetValue);
            popped = value;
        }

        ring.Replicate(node, markerKey);
        return new CommandReply(r.Command, ResultCode.Ok) { ItemKey = key, Data = popped };
    }

    private static QueueMarker MarkerOf(RingMember node, byte[] key) =>
        node.Keys.Store.Find(key) is { } entry ? QueueMarker.Read(entry.Value) : QueueMarker.Empty;

    private static void SetMarker(RingMember node, byte[] key, QueueMarker marker) =>
        node.Keys.Write(key, marker.ToArray(), null, EntryAttributes.Empty, default, null, WriteKind.Bare);

    private ReadOnlyMemory<byte> Next(ReadOnlyMemory<byte> item, bool checkAttributes)
    {
        if (ring.Nested(new GetSubkeysRequest(item) { CheckAttributes = checkAttributes }) is not { } reply) return default;
        return SubkeyList.TryDecode(reply.Data, out var names) && names.Count > 0 ? names[0] : default;
    }

    // Reads a key and removes it; null when its owner does not answer, empty when it has no value to read.
    private ReadOnlyMemory<byte>? Take(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> passPhrase)
    {
        if (ring.Nested(new GetRequest(key) { PassPhrase = passPhrase }) is not { Result.IsSuccess: true } read) return null;
        if (!Done(new DeleteRequest(key))) return null;
        // As any client of a ring that is not whole: leave a mark, so that a returning node does not bring the key back.
        if (ring.State.MayResurrectDeletedKeys) ring.Nested(new SetRequest(key, new byte[1]) { Expiry = 0 });
        return read.Data;
    }

    private bool Done(CommandRequest request) => ring.Nested(request) is { Result.IsSuccess: true };
}
