using System.Buffers.Binary;
using K2hdkcDbaas.Protocol.Commands;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Values;
using K2hdkcDbaas.Sandbox.Nodes.Store;

namespace K2hdkcDbaas.Sandbox.Nodes.Ring;

/// <summary>Runs commands on a node as k2hdkc does: on the data it holds, with copies sent to the other holders and, where a command
/// needs other keys, nested commands to their owners. Everything runs under the ring's lock.</summary>
internal sealed class CommandProcessor(NodeRing ring)
{
    /// <summary>Largest position and length of a value: what one frame can hold.</summary>
    private const int MaxValue = 1 << 30;

    private static readonly byte[] NoState = new NodeState { NodeId = NodeIdentity.None }.ToArray();

    private readonly QueueProcessor _queues = new(ring);

    /// <returns>The reply, or null where the real server stays silent.</returns>
    public CommandReply? Run(RingMember node, CommandRequest request)
    {
        var reply = Answer(node, request);
        return reply is { } made ? made with { Number = request.Number } : null;
    }

    private CommandReply? Answer(RingMember node, CommandRequest request)
    {
        var keys = node.Keys;
        // Every command but these names a key, and refuses to do without.
        if (request.RoutingKey.IsEmpty && request is not (StateRequest or QueuePushRequest or QueuePopRequest))
            return Error(request, ResultDetail.Invalid);
        return request switch
        {
            GetRequest r => Data(r, keys.Read(r.Key.Span, r.CheckAttributes, r.PassPhrase)),
            CounterGetRequest r => Data(r, keys.Read(r.Key.Span, r.CheckAttributes, r.PassPhrase)),
            GetDirectRequest r => GetDirect(keys, r),
            GetSubkeysRequest r => Data(r, keys.Subkeys(r.Key.Span, r.CheckAttributes)),
            GetAttributesRequest r => Data(r, keys.Store.Find(r.Key.Span)?.Attributes.Encode()),
            GetAttributeRequest r => GetAttribute(keys, r),
            SetRequest r => Set(node, r),
            SetDirectRequest r => SetDirect(node, r),
            SetSubkeysRequest r => Changed(node, r, keys.ReplaceSubkeys(r.Key.Span, r.Subkeys), ResultDetail.SetSubkeyList),
            SetAllRequest r => Changed(node, r, keys.ReplaceAll(r.Key.Span, r.Value, r.Subkeys, r.Attributes), ResultDetail.SetAll),
            AddSubkeyRequest r => AddSubkey(node, r),
            RemoveSubkeyRequest r => RemoveSubkey(node, r),
            DeleteRequest r => Delete(node, r),
            RenameRequest r => Rename(node, r),
            QueuePushRequest r => _queues.Push(node, r),
            QueuePopRequest r => _queues.Pop(node, r),
            CounterInitRequest r => r.Value.IsEmpty
                ? Error(r, ResultDetail.Invalid)
                : Changed(node, r, keys.Rewrite(r.Key.Span, r.Value.Span, r.PassPhrase, r.Expiry), ResultDetail.SetValue),
            CounterSetRequest r => CounterSet(node, r),
            CounterStepRequest r => CounterStep(node, r),
            ReplicateKeyRequest r => ReplicateKey(keys, r),
            ReplicateDeleteRequest r =>
                keys.AcceptRemoval(r.Key.Span, new WireTime((long)r.Seconds, (long)r.Nanoseconds))
                    ? Ok(r)
                    : Error(r, ResultDetail.Replicate),
            StateRequest r =>
                r.NodeId == node.Id
                    ? new CommandReply(r.Command, ResultCode.Ok) { Data = StoreFigures.Of(node, ring.State).ToArray() }
                    : Error(r, ResultDetail.NotSameNode),
            _ => null,
        };
    }

    internal static CommandReply Ok(CommandRequest request) => new(request.Command, ResultCode.Ok);

    internal static CommandReply Error(CommandRequest request, ResultDetail detail) =>
        new(request.Command, ResultCode.Error(detail)) { Data = request is StateRequest ? NoState : default };

    private static CommandReply Data(CommandRequest request, byte[]? data) =>
        data is { Length: > 0 }
            ? new CommandReply(request.Command, ResultCode.Ok) { Data = data }
            : new CommandReply(request.Command, ResultCode.NoData);

    private CommandReply Changed(RingMember node, CommandRequest request, bool done, ResultDetail failure)
    {
        if (!done) return Error(request, failure);
        ring.Replicate(node, request.RoutingKey);
        return Ok(request);
    }

    private static CommandReply? GetDirect(KeyOperations keys, GetDirectRequest r)
    {
        if (r.Position < 0 || r.Length == 0) return Error(r, ResultDetail.Invalid);
        if (keys.Store.Find(r.Key.Span) is not { } entry) return Error(r, ResultDetail.DirectOpen);
        // The real server dies of a read that starts behind the value, and of one without any value; whoever asked hears nothing.
        if (entry.Value.Length == 0 || r.Position > entry.Value.Length) return null;
        if (r.Position == entry.Value.Length) return new CommandReply(r.Command, ResultCode.NoData);
        var rest = entry.Value.AsMemory((int)r.Position);
        return new CommandReply(r.Command, ResultCode.Ok) { Data = r.Length < (ulong)rest.Length ? rest[..(int)r.Length] : rest };
    }

    private static CommandReply? GetAttribute(KeyOperations keys, GetAttributeRequest r)
    {
        if (r.Name.IsEmpty) return Error(r, ResultDetail.Invalid);
        if (keys.Store.Find(r.Key.Span) is not { Attributes.IsEmpty: false } entry) return new CommandReply(r.Command, ResultCode.NoData);
        // A key with attributes but not this one: the real server forgets to answer.
        return entry.Attributes.Find(r.Name.Span) is { } value ? new CommandReply(r.Command, ResultCode.Ok) { Data = value } : null;
    }

    private CommandReply Set(RingMember node, SetRequest r)
    {
        var keys = node.Keys;
        var kind = r.QueueKind switch { 1 => WriteKind.QueueItem, 2 => WriteKind.Bare, _ => WriteKind.Normal };
        var attributes = kind == WriteKind.Normal ? EntryAttributes.Empty : EntryAttributes.Read(r.Attributes);
        var subkeys = r.RemoveSubkeys ? null : keys.Store.Find(r.Key.Span)?.Subkeys;
        return Changed(node, r, keys.Write(r.Key.Span, r.Value.Span, subkeys, attributes, r.PassPhrase, r.Expiry, kind),
            ResultDetail.SetValue);
    }

    private CommandReply SetDirect(RingMember node, SetDirectRequest r)
    {
        if (r.Value.IsEmpty) return Error(r, ResultDetail.Invalid);
        if (r.Position < 0 || r.Position > MaxValue) return Error(r, ResultDetail.DirectOpen);
        return Changed(node, r, node.Keys.WriteAt(r.Key.Span, r.Value.Span, r.Position), ResultDetail.SetValue);
    }

    private CommandReply AddSubkey(RingMember node, AddSubkeyRequest r)
    {
        if (r.Subkey.IsEmpty) return Error(r, ResultDetail.Invalid);
        SubkeyList.TryDecode(node.Keys.Subkeys(r.Key.Span, r.CheckAttributes), out var names);
        var blob = SubkeyList.Encode(names.Append(r.Subkey));
        return Changed(node, r, node.Keys.ReplaceSubkeys(r.Key.Span, blob), ResultDetail.AddSubkeyList);
    }

    private CommandReply RemoveSubkey(RingMember node, RemoveSubkeyRequest r)
    {
        if (r.Subkey.IsEmpty) return Error(r, ResultDetail.Invalid);
        if (node.Keys.Subkeys(r.Key.Span, r.CheckAttributes) is not { } list) return Ok(r);
        SubkeyList.TryDecode(list, out var names);
        var rest = names.Where(n => !n.Span.SequenceEqual(r.Subkey.Span)).ToList();
        if (rest.Count == names.Count) return Error(r, ResultDetail.DeleteSubkeyList);
        return Changed(node, r, node.Keys.ReplaceSubkeys(r.Key.Span, SubkeyList.Encode(rest)), ResultDetail.DeleteSubkeyList);
    }

    private CommandReply Delete(RingMember node, DeleteRequest r)
    {
        node.Keys.Remove(r.Key.Span);
        ring.ReplicateRemoval(node, r.Key);
        return Ok(r);
    }

    private CommandReply Rename(RingMember node, RenameRequest r)
    {
        if (r.NewKey.IsEmpty) return Error(r, ResultDetail.Invalid);
        if (r.Key.Span.SequenceEqual(r.NewKey.Span)) return Ok(r);
        var keys = node.Keys;
        if (keys.Read(r.Key.Span, r.CheckAttributes, r.PassPhrase) is null) return Error(r, ResultDetail.NoData);
        var entry = keys.Store.Find(r.Key.Span)!;
        var moved = ring.Nested(
            new SetAllRequest(r.NewKey, entry.Value, keys.Subkeys(r.Key.Span, r.CheckAttributes), entry.Attributes.Encode()));
        if (moved is not { } reply) return Error(r, ResultDetail.SetAll);
        if (!reply.Result.IsSuccess) return Error(r, reply.Result.Detail);
        keys.Remove(r.Key.Span);
        // The old key's copies get "nothing there" as data, not as a removal, so they may keep what they have.
        ring.Replicate(node, r.Key);
        return Ok(r);
    }

    private CommandReply CounterSet(RingMember node, CounterSetRequest r)
    {
        if (r.Expected.IsEmpty || r.Value.IsEmpty) return Error(r, ResultDetail.Invalid);
        if (node.Keys.Read(r.Key.Span, r.CheckAttributes, r.PassPhrase) is not { } value) return Error(r, ResultDetail.NoData);
        if (!value.AsSpan().SequenceEqual(r.Expected.Span)) return Error(r, ResultDetail.NotSameValue);
        return Changed(node, r, node.Keys.Rewrite(r.Key.Span, r.Value.Span, r.PassPhrase, r.Expiry), ResultDetail.SetValue);
    }

    private CommandReply CounterStep(RingMember node, CounterStepRequest r)
    {
        if (node.Keys.Read(r.Key.Span, r.CheckAttributes, r.PassPhrase) is not { } stored) return Error(r, ResultDetail.NoData);
        var value = stored.ToArray();
        var step = r.IsIncrement ? 1 : -1;
        switch (value.Length)
        {
            case 1:
                value[0] = unchecked((byte)(value[0] + step));
                break;
            case 2:
                BinaryPrimitives.WriteUInt16LittleEndian(value, unchecked((ushort)(BinaryPrimitives.ReadUInt16LittleEndian(value) + step)));
                break;
            case 4:
                BinaryPrimitives.WriteInt32LittleEndian(value, unchecked(BinaryPrimitives.ReadInt32LittleEndian(value) + step));
                break;
            case 8:
                BinaryPrimitives.WriteInt64LittleEndian(value, unchecked(BinaryPrimitives.ReadInt64LittleEndian(value) + step));
                break;
            default:
                return Error(r, ResultDetail.NotSameType);
        }

        return Changed(node, r, node.Keys.Rewrite(r.Key.Span, value, r.PassPhrase, r.Expiry), ResultDetail.SetValue);
    }

    private static CommandReply ReplicateKey(KeyOperations keys, ReplicateKeyRequest r)
    {
        var subkeys = SubkeyList.TryDecode(r.Subkeys, out var names) ? SubkeyList.Encode(names) : [];
        keys.Accept(r.Key.ToArray(), new Entry(r.Value.ToArray(), subkeys, EntryAttributes.Read(r.Attributes)),
            new WireTime((long)r.Seconds, (long)r.Nanoseconds));
        return Ok(r);
    }
}
