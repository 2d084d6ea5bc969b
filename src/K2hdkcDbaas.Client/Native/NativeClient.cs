using K2hdkcDbaas.Client.Managed;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Protocol.Commands;
using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Client.Native;

/// <summary>The data client through libk2hdkc and the slave chmpx of this host.</summary>
internal sealed partial class NativeClient : IK2hdkcClient
{
    private readonly NativeSession _session;
    private readonly TimeProvider _time;
    private readonly Func<CancellationToken, Task<RingSnapshot>> _look;
    private volatile RingSnapshot _ring;

    private NativeClient(NativeSession session, RingSnapshot ring, Func<CancellationToken, Task<RingSnapshot>> look, TimeProvider time)
    {
        _session = session;
        _ring = ring;
        _look = look;
        _time = time;
    }

    /// <summary>Never raised: libk2hdkc tells no changes.</summary>
    public event EventHandler<RingChangedEventArgs>? RingChanged
    {
        add { }
        remove { }
    }

    public K2hdkcTransport Transport => K2hdkcTransport.Native;

    /// <summary>The ring as the local slave knew it when this client connected, or read the servers' states last.</summary>
    public RingSnapshot Ring => _ring;

    public Task<KeyReading> GetAsync(ReadOnlyMemory<byte> key, GetOptions? options, CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        return ReadAsync(key, options, cancellationToken);
    }

    public async Task<(KeyState State, long Length)> GetIntoAsync(
        ReadOnlyMemory<byte> key, Stream destination, GetOptions? options, Action<long>? onProgress, CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        var reading = await ReadAsync(key, options, cancellationToken).ConfigureAwait(false);
        await destination.WriteAsync(reading.Value, cancellationToken).ConfigureAwait(false);
        onProgress?.Invoke(reading.Value.Length);
        return (reading.State, reading.Value.Length);
    }

    public async Task SetFromAsync(
        ReadOnlyMemory<byte> key, Stream source, long length, SetOptions? options, Action<long>? onProgress,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > ClientErrors.MaxStreamed) throw ClientErrors.RequestTooLarge(CommandType.Set, length, ClientErrors.MaxStreamed);
        // The library takes a value in one piece of memory.
        var value = GC.AllocateUninitializedArray<byte>((int)length);
        await source.ReadExactlyAsync(value, cancellationToken).ConfigureAwait(false);
        await SetAsync(key, value, options, cancellationToken).ConfigureAwait(false);
        onProgress?.Invoke(length);
    }

    public async Task SetAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, SetOptions? options,
        CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        var expire = Expire(options?.ExpiresIn);
        await RequireAsync(
            "Set",
            h => NativeMethods.SetValue(h, key.Span, Length(key), value.Span, Length(value), options?.ClearSubkeys == true,
                NullIfEmpty(options?.PassPhrase), expire),
            cancellationToken).ConfigureAwait(false);
    }

    public async Task RemoveAsync(ReadOnlyMemory<byte> key, bool recurse, CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        var seen = new HashSet<ReadOnlyMemory<byte>>(BlobOrder.Instance) { key };
        var left = new Stack<ReadOnlyMemory<byte>>([key]);
        while (left.TryPop(out var next))
        {
            var subkeys = recurse ? await GetSubkeysAsync(next, cancellationToken).ConfigureAwait(false) : [];
            await RequireAsync("Delete", h => NativeMethods.Remove(h, next.Span, Length(next)), cancellationToken).ConfigureAwait(false);
            foreach (var subkey in subkeys)
                if (!subkey.IsEmpty && seen.Add(subkey)) left.Push(subkey);
        }
    }

    public async Task RenameAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> newKey, RenameOptions? options,
        CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        Arguments.Key(newKey, "new key");
        var pass = NullIfEmpty(options?.PassPhrase);
        var result = await _session.CallAsync(
            "Rename",
            h => options?.ParentKey is { IsEmpty: false } parent
                ? NativeMethods.RenameWithParent(h, key.Span, Length(key), newKey.Span, Length(newKey), parent.Span, Length(parent),
                    checkAttributes: true, pass, [])
                : NativeMethods.Rename(h, key.Span, Length(key), newKey.Span, Length(newKey), checkAttributes: true, pass, []),
            cancellationToken).ConfigureAwait(false);
        if (result.IsError(ResultDetail.NoData)) throw ClientErrors.KeyNotFound(key);
        Require("Rename", result);
    }

    public Task<IReadOnlyList<ReadOnlyMemory<byte>>> GetSubkeysAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        return ReadSubkeysAsync(key, checkAttributes: true, cancellationToken);
    }

    public async Task SetSubkeysAsync(ReadOnlyMemory<byte> key, IReadOnlyCollection<ReadOnlyMemory<byte>> subkeys,
        CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        if (subkeys.Count == 0)
        {
            await RequireAsync("SetSubkeys", h => NativeMethods.ClearSubkeys(h, key.Span, Length(key)),
                cancellationToken).ConfigureAwait(false);
            return;
        }

        await RequireAsync("SetSubkeys", h => SetSubkeys(h, key, subkeys), cancellationToken).ConfigureAwait(false);
    }

    public async Task AddSubkeyAsync(
        ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> subkey, ReadOnlyMemory<byte> value, SetOptions? options,
        CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        Arguments.Key(subkey, "subkey");
        if (options?.ClearSubkeys == true)
        {
            // The library's one call for both never clears; a set before it does.
            await SetAsync(subkey, value, options, cancellationToken).ConfigureAwait(false);
        }

        var expire = Expire(options?.ExpiresIn);
        await RequireAsync(
            "AddSubkey",
            h => NativeMethods.SetSubkey(
                    h, key.Span, Length(key), subkey.Span, Length(subkey), value.Span, Length(value), checkAttributes: true,
                    NullIfEmpty(options?.PassPhrase), expire),
            cancellationToken).ConfigureAwait(false);
    }

    public async Task RemoveSubkeyAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> subkey, bool recurse,
        CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        Arguments.Key(subkey, "subkey");
        var names = await GetSubkeysAsync(key, cancellationToken).ConfigureAwait(false);
        if (!names.Contains(subkey, BlobOrder.Instance)) throw ClientErrors.SubkeyNotFound(key, subkey);
        if (recurse) await RemoveAsync(subkey, recurse: true, cancellationToken).ConfigureAwait(false);
        await RequireAsync("RemoveSubkey",
            h => NativeMethods.RemoveSubkey(h, key.Span, Length(key), subkey.Span, Length(subkey), isNested: false),
            cancellationToken).ConfigureAwait(false);
    }

    public Task<KeyAttributes> GetAttributesAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        return ReadAttributesAsync(key, cancellationToken);
    }

    public async Task<IReadOnlyList<ServerState>> GetStatesAsync(CancellationToken cancellationToken)
    {
        // The one function that asks all servers leaves the handle's result code as it was: only its return counts.
        var states = new List<ServerState>();
        var result = await _session.CallAsync(
            "State",
            h =>
            {
                var isRead = NativeMethods.GetState(h, out var array, out var count);
                using (array)
                {
                    var bytes = array.ToArray(checked(count * NodeState.Size)).AsSpan();
                    for (; bytes.Length >= NodeState.Size; bytes = bytes[NodeState.Size..])
                        if (NodeState.TryRead(bytes, out var state)) states.Add(new ServerState(state.Name, state.NodeId, state, null));
                }

                return isRead;
            },
            cancellationToken).ConfigureAwait(false);
        if (!result.Returned || states.Count == 0) throw _session.Failure("State", default);
        // Nothing tells of changes, so this is the moment to look.
        var ring = _ring = await _look(cancellationToken).ConfigureAwait(false);
        return states.ConvertAll(s => s with { Record = ring.Servers.FirstOrDefault(r => r.Record.Id == s.Id)?.Record });
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    private static nuint Length(ReadOnlyMemory<byte> bytes) => (nuint)bytes.Length;

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    // The library takes a pointer to the seconds, or none for a value that does not end.
    private static long[]? Expire(TimeSpan? expiresIn) => Arguments.Seconds(expiresIn) is { } seconds ? [seconds] : null;

    private static unsafe bool SetSubkeys(ChmpxHandle handle, ReadOnlyMemory<byte> key, IReadOnlyCollection<ReadOnlyMemory<byte>> subkeys)
    {
        var names = new NativeKey[subkeys.Count];
        var pinned = new System.Buffers.MemoryHandle[subkeys.Count];
        var i = 0;
        try
        {
            foreach (var name in subkeys.Distinct(BlobOrder.Instance).Order(BlobOrder.Instance))
            {
                pinned[i] = name.Pin();
                names[i] = new NativeKey { Bytes = (nint)pinned[i].Pointer, Length = Length(name) };
                i++;
            }

            return NativeMethods.SetSubkeys(handle, key.Span, Length(key), names, i);
        }
        finally
        {
            foreach (var pin in pinned) pin.Dispose();
        }
    }

    private async Task<KeyReading> ReadAsync(ReadOnlyMemory<byte> key, GetOptions? options, CancellationToken cancellationToken)
    {
        var raw = options?.IgnoreAttributes == true;
        var bytes = await ReadBytesAsync(key, raw, NullIfEmpty(options?.PassPhrase), cancellationToken).ConfigureAwait(false);
        if (bytes.Length > 0) return new KeyReading(KeyState.Found, bytes);
        return new KeyReading(await StateOfHiddenAsync(key, raw, cancellationToken).ConfigureAwait(false), default);
    }

    private async Task<byte[]> ReadBytesAsync(ReadOnlyMemory<byte> key, bool raw, string? passPhrase, CancellationToken cancellationToken)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            byte[] bytes = [];
            var result = await _session.CallAsync(
                "Get",
                h =>
                {
                    MallocHandle value;
                    nuint length;
                    var returned = raw
                        ? NativeMethods.GetRawValue(h, key.Span, Length(key), out value, out length)
                        : NativeMethods.GetValue(h, key.Span, Length(key), passPhrase, out value, out length);
                    using (value) bytes = returned ? value.ToArray(length) : [];
                    return returned;
                },
                mayHide: true,
                cancellationToken).ConfigureAwait(false);
            // A false return with "no data" is how the library hides expired and locked values.
            if (result.IsSuccess || (result.HasReply && result.Code == ResultCode.NoData)) return bytes;
            // That code may be the one of the call before; on the new handle that the next call gets there is none before.
            if (!isFirst || result.HasReply || result.Code != ResultCode.NoData) throw _session.Failure("Get", result);
        }
    }

    private async Task<KeyState> StateOfHiddenAsync(ReadOnlyMemory<byte> key, bool wasRaw, CancellationToken cancellationToken)
    {
        var attributes = await ReadAttributesAsync(key, cancellationToken).ConfigureAwait(false);
        if (wasRaw)
            return attributes.All.Count > 0 || await HasSubkeysAsync(key, cancellationToken).ConfigureAwait(false)
                ? KeyState.Empty
                : KeyState.Missing;
        if (KeyStateRule.Decide(attributes, _time.GetUtcNow()) is { } state) return state;
        if (attributes.All.Count == 0)
            return KeyStateRule.Decide(attributes, await HasSubkeysAsync(key, cancellationToken).ConfigureAwait(false),
                hasHiddenBytes: false);
        var stored = await ReadBytesAsync(key, raw: true, null, cancellationToken).ConfigureAwait(false);
        return KeyStateRule.Decide(attributes, hasSubkeys: false, stored.Length > 0);
    }

    private async Task<bool> HasSubkeysAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken) =>
        (await ReadSubkeysAsync(key, checkAttributes: false, cancellationToken).ConfigureAwait(false)).Count > 0;

    private async Task<IReadOnlyList<ReadOnlyMemory<byte>>> ReadSubkeysAsync(ReadOnlyMemory<byte> key, bool checkAttributes,
        CancellationToken cancellationToken)
    {
        var names = new List<ReadOnlyMemory<byte>>();
        await RequireAsync(
            "GetSubkeys",
            h =>
            {
                nint array;
                int count;
                var returned = checkAttributes
                    ? NativeMethods.GetSubkeys(h, key.Span, Length(key), out array, out count)
                    : NativeMethods.GetRawSubkeys(h, key.Span, Length(key), out array, out count);
                using var pack = new PackHandle(array, count, isAttributes: false);
                foreach (var name in pack.Keys) names.Add(name.ToArray());
                return returned;
            },
            cancellationToken).ConfigureAwait(false);
        return names;
    }

    private async Task<KeyAttributes> ReadAttributesAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        var attributes = new List<KeyAttribute>();
        await RequireAsync(
            "GetAttributes",
            h =>
            {
                var returned = NativeMethods.GetAttributes(h, key.Span, Length(key), out var array, out var count);
                using var pack = new PackHandle(array, count, isAttributes: true);
                foreach (var attribute in pack.Attributes)
                    attributes.Add(new KeyAttribute(attribute.Name.ToArray(), attribute.Value.ToArray()));
                return returned;
            },
            cancellationToken).ConfigureAwait(false);
        return attributes.Count == 0 ? KeyAttributes.None : new KeyAttributes(attributes);
    }

    private async Task RequireAsync(string what, Func<ChmpxHandle, bool> call, CancellationToken cancellationToken) =>
        Require(what, await _session.CallAsync(what, call, cancellationToken).ConfigureAwait(false));

    private void Require(string what, NativeResult result)
    {
        if (!result.IsSuccess) throw _session.Failure(what, result);
    }
}
