using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol;
using K2hdkcDbaas.Protocol.Commands;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Frames;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Client.Managed;

/// <summary>The data client over TCP: what libk2hdkc composes of wire commands, composed here.</summary>
internal sealed partial class ManagedClient : IK2hdkcClient, IDirectAccess
{
    private readonly K2hdkcClientOptions _options;
    private RingMember? _member;
    private int _closed;

    private ManagedClient(K2hdkcClientOptions options)
    {
        _options = options;
        _queueGate = new CallSlots(1, options.TimeProvider);
    }

    public event EventHandler<RingChangedEventArgs>? RingChanged;

    public K2hdkcTransport Transport => K2hdkcTransport.Managed;

    public RingSnapshot Ring => Member.Snapshot();

    public IDirectAccess? Direct => this;

    private RingMember Member => _member ?? throw new InvalidOperationException("The client has not joined.");

    /// <summary>Joins the ring.</summary>
    public static async Task<ManagedClient> ConnectAsync(RingConfiguration configuration, K2hdkcClientOptions options, IDialer dialer,
        CancellationToken cancellationToken)
    {
        var client = new ManagedClient(options);
        client._member =
            await RingMember.JoinAsync(configuration, options, dialer, client.OnRingChanged, cancellationToken).ConfigureAwait(false);
        return client;
    }

    public async Task<KeyReading> GetAsync(ReadOnlyMemory<byte> key, GetOptions? options, CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        var raw = options?.IgnoreAttributes == true;
        var request = new GetRequest(key) { PassPhrase = PassPhrase(options?.PassPhrase), CheckAttributes = !raw };
        var answer = await CallAsync(request, isRepeatable: true, cancellationToken).ConfigureAwait(false);
        if (!answer.Reply.Data.IsEmpty) return new KeyReading(KeyState.Found, answer.Reply.Data);
        answer.RequireSuccess();
        if (!raw && AsksOthers(options?.ReadPolicy ?? _options.ReadPolicy) is { } reach
            && await ReadElsewhereAsync(request, reach, cancellationToken).ConfigureAwait(false) is { } found) return found;
        return new KeyReading(await StateOfHiddenAsync(key, raw, cancellationToken).ConfigureAwait(false), default);
    }

    public async Task SetAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, SetOptions? options,
        CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        var request = new SetRequest(key, value)
        {
            Expiry = Arguments.Seconds(options?.ExpiresIn),
            PassPhrase = PassPhrase(options?.PassPhrase),
            RemoveSubkeys = options?.ClearSubkeys == true,
        };
        (await CallAsync(request, isRepeatable: true, cancellationToken).ConfigureAwait(false)).RequireSuccess();
    }

    public async Task<(KeyState State, long Length)> GetIntoAsync(
        ReadOnlyMemory<byte> key, Stream destination, GetOptions? options, Action<long>? onProgress, CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        var raw = options?.IgnoreAttributes == true;
        var request = new GetRequest(key) { PassPhrase = PassPhrase(options?.PassPhrase), CheckAttributes = !raw };
        var value = new StreamedValue(destination, onProgress);
        var answer = await CallAsync(request, isRepeatable: true, value, cancellationToken).ConfigureAwait(false);
        if (value.Moved > 0) return (KeyState.Found, value.Moved);
        answer.RequireSuccess();
        return (await StateOfHiddenAsync(key, raw, cancellationToken).ConfigureAwait(false), 0);
    }

    public async Task SetFromAsync(
        ReadOnlyMemory<byte> key, Stream source, long length, SetOptions? options, Action<long>? onProgress,
        CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var request = new SetRequest(key, default)
        {
            FollowingLength = length,
            Expiry = Arguments.Seconds(options?.ExpiresIn),
            PassPhrase = PassPhrase(options?.PassPhrase),
            RemoveSubkeys = options?.ClearSubkeys == true,
        };
        var value = length > 0 ? new StreamedValue(source, onProgress) : null;
        (await CallAsync(request, isRepeatable: true, value, cancellationToken).ConfigureAwait(false)).RequireSuccess();
    }

    public async Task RemoveAsync(ReadOnlyMemory<byte> key, bool recurse, CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        // Lists of subkeys may name their own ancestors.
        var seen = new HashSet<ReadOnlyMemory<byte>>(BlobOrder.Instance) { key };
        var left = new Stack<ReadOnlyMemory<byte>>([key]);
        while (left.TryPop(out var next))
        {
            var subkeys = recurse ? await GetSubkeysAsync(next, cancellationToken).ConfigureAwait(false) : [];
            await DeleteAsync(next, cancellationToken).ConfigureAwait(false);
            foreach (var subkey in subkeys)
                if (!subkey.IsEmpty && seen.Add(subkey)) left.Push(subkey);
        }
    }

    public async Task RenameAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> newKey, RenameOptions? options,
        CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        Arguments.Key(newKey, "new key");
        // Not repeated: the second time the key would be missing.
        var answer = await CallAsync(new RenameRequest(key, newKey) { PassPhrase = PassPhrase(options?.PassPhrase) }, isRepeatable: false,
            cancellationToken).ConfigureAwait(false);
        if (answer.Reply.Result.Detail == ResultDetail.NoData) throw ClientErrors.KeyNotFound(key);
        answer.RequireSuccess();
        if (options?.ParentKey is not { IsEmpty: false } parent) return;
        await DropSubkeyNameAsync(parent, key, cancellationToken).ConfigureAwait(false);
        await AddSubkeyNameAsync(parent, newKey, cancellationToken).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>> GetSubkeysAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        return await ReadSubkeysAsync(key, checkAttributes: true, cancellationToken).ConfigureAwait(false);
    }

    public async Task SetSubkeysAsync(ReadOnlyMemory<byte> key, IReadOnlyCollection<ReadOnlyMemory<byte>> subkeys,
        CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        (await CallAsync(new SetSubkeysRequest(key, SubkeyList.Encode(subkeys)), isRepeatable: true,
            cancellationToken).ConfigureAwait(false)).RequireSuccess();
    }

    public async Task AddSubkeyAsync(
        ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> subkey, ReadOnlyMemory<byte> value, SetOptions? options,
        CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        Arguments.Key(subkey, "subkey");
        await SetAsync(subkey, value, options, cancellationToken).ConfigureAwait(false);
        await AddSubkeyNameAsync(key, subkey, cancellationToken).ConfigureAwait(false);
    }

    public async Task RemoveSubkeyAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> subkey, bool recurse,
        CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        Arguments.Key(subkey, "subkey");
        // The servers call a missing list a success; nothing is deleted before the name is known to be in it.
        var names = await ReadSubkeysAsync(key, checkAttributes: true, cancellationToken).ConfigureAwait(false);
        if (!names.Contains(subkey, BlobOrder.Instance)) throw ClientErrors.SubkeyNotFound(key, subkey);
        await RemoveAsync(subkey, recurse, cancellationToken).ConfigureAwait(false);
        await DropSubkeyNameAsync(key, subkey, cancellationToken).ConfigureAwait(false);
    }

    public async Task<KeyAttributes> GetAttributesAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        var answer = await CallAsync(new GetAttributesRequest(key), isRepeatable: true, cancellationToken).ConfigureAwait(false);
        answer.RequireSuccess();
        if (answer.Reply.Data.IsEmpty) return KeyAttributes.None;
        return AttributeList.TryDecode(answer.Reply.Data, out var attributes)
            ? new KeyAttributes(attributes)
            : throw new ProtocolException($"The server {answer.Server} sent a list of attributes whose lengths are wrong.");
    }

    public async Task<IReadOnlyList<ServerState>> GetStatesAsync(CancellationToken cancellationToken)
    {
        var owners = Member.Table.Ring.Servers.Where(s => s.BaseSlot != ServerRecord.NoSlot);
        return await Task.WhenAll(owners.Select(s => StateOfAsync(s, cancellationToken))).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 1 || _member is not { } member) return;
        await member.DisposeAsync().ConfigureAwait(false);
    }

    internal static ReadOnlyMemory<byte> PassPhrase(string? passPhrase) =>
        string.IsNullOrEmpty(passPhrase) ? default : Encoding.UTF8.GetBytes(passPhrase + "\0");

    private async Task<ServerState> StateOfAsync(ServerRecord server, CancellationToken cancellationToken)
    {
        try
        {
            if (!server.Status.CanAnswer) throw ClientErrors.NoAnswerFrom($"{server.Name}:{server.Port}", server.Status.ToString());
            var connection = await Member.ConnectionToAsync(server.Id, cancellationToken).ConfigureAwait(false);
            var request = new StateRequest(server.Id, server.BaseSlot);
            var answer = new Answer(await connection.CallAsync(request, request.RoutingHash, null, cancellationToken).ConfigureAwait(false),
                connection.Server);
            answer.RequireSuccess();
            if (!NodeState.TryRead(answer.Reply.Data.Span, out var state))
                throw new ProtocolException(
                    $"The server {answer.Server} sent a state of {answer.Reply.Data.Length} bytes; {NodeState.Size} are needed.");
            return new ServerState(server.Name, server.Id, state, null) { Record = server };
        }
        catch (DbaasException e)
        {
            return new ServerState(server.Name, server.Id, null, e) { Record = server };
        }
    }

    private async Task<KeyState> StateOfHiddenAsync(ReadOnlyMemory<byte> key, bool wasRaw, CancellationToken cancellationToken)
    {
        var attributes = await GetAttributesAsync(key, cancellationToken).ConfigureAwait(false);
        if (wasRaw)
            return attributes.All.Count > 0 || await HasSubkeysAsync(key, cancellationToken).ConfigureAwait(false)
                ? KeyState.Empty
                : KeyState.Missing;
        if (KeyStateRule.Decide(attributes, _options.TimeProvider.GetUtcNow()) is { } state) return state;
        if (attributes.All.Count == 0)
            return KeyStateRule.Decide(attributes, await HasSubkeysAsync(key, cancellationToken).ConfigureAwait(false),
                hasHiddenBytes: false);
        var raw = await CallAsync(new GetRequest(key) { CheckAttributes = false }, isRepeatable: true,
            cancellationToken).ConfigureAwait(false);
        return KeyStateRule.Decide(attributes, hasSubkeys: false, !raw.Reply.Data.IsEmpty);
    }

    private async Task<bool> HasSubkeysAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken) =>
        (await ReadSubkeysAsync(key, checkAttributes: false, cancellationToken).ConfigureAwait(false)).Count > 0;

    private async Task<IReadOnlyList<ReadOnlyMemory<byte>>> ReadSubkeysAsync(ReadOnlyMemory<byte> key, bool checkAttributes,
        CancellationToken cancellationToken)
    {
        var answer = await CallAsync(new GetSubkeysRequest(key) { CheckAttributes = checkAttributes }, isRepeatable: true,
            cancellationToken).ConfigureAwait(false);
        answer.RequireSuccess();
        return SubkeyList.TryDecode(answer.Reply.Data, out var names)
            ? names : throw new ProtocolException($"The server {answer.Server} sent a list of subkeys whose lengths are wrong.");
    }

    private async Task AddSubkeyNameAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> subkey, CancellationToken cancellationToken) =>
        (await CallAsync(new AddSubkeyRequest(key, subkey), isRepeatable: true, cancellationToken).ConfigureAwait(false)).RequireSuccess();

    private async Task DropSubkeyNameAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> subkey, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(new RemoveSubkeyRequest(key, subkey), isRepeatable: true, cancellationToken).ConfigureAwait(false);
        // Someone else, or our own first attempt, has taken it out.
        if (answer.Reply.Result is { IsSuccess: false, Detail: ResultDetail.DeleteSubkeyList }) return;
        answer.RequireSuccess();
    }

    private async Task DeleteAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        (await CallAsync(new DeleteRequest(key), isRepeatable: true, cancellationToken).ConfigureAwait(false)).RequireSuccess();
        if (!Member.Table.Ring.MayResurrectDeletedKeys) return;
        // A server that is away would bring the key back; one expired byte, newer than its copy, keeps it from that. So does libk2hdkc.
        await CallAsync(new SetRequest(key, new byte[1]) { Expiry = 0 }, isRepeatable: true, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask<Answer> CallAsync(CommandRequest request, bool isRepeatable, CancellationToken cancellationToken) =>
        CallAsync(request, isRepeatable, null, cancellationToken);

    // Pooled: the path of every call, and each is awaited once.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Answer> CallAsync(CommandRequest request, bool isRepeatable, StreamedValue? value,
        CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _closed) != 0) throw ClientErrors.Closed(Member.Snapshot().Group);
        var most = value is null ? _options.MaxFrameLength : ClientErrors.MaxStreamed;
        if (request.EncodedLength > most - FrameHeader.Size)
            throw ClientErrors.RequestTooLarge(request.Command, request.EncodedLength, most);
        var hash = request.RoutingHash;
        ulong? silent = null;
        for (var attempt = 0; ; attempt++)
        {
            // A read that met silence goes to another server that has the key, if there is one.
            var connection =
                await Member.ConnectionForAsync(hash, IsRead(request.Command) ? silent : null, cancellationToken).ConfigureAwait(false);
            try
            {
                return new Answer(await connection.CallAsync(request, hash, value, cancellationToken).ConfigureAwait(false),
                    connection.Server);
            }
            // What made no sense once makes none the next time, and another server's word must not hide it.
            catch (ConnectionLostException e)
                when ((isRepeatable || !e.WasSent) && attempt < _options.MaxRetries && _closed == 0
                    && e.InnerException is not ProtocolException && value?.CanRepeat != false)
            {
                // The ring has another way, or will have.
            }
            catch (DbaasException e)
                when (e.ErrorId == K2hdkcErrors.CallTimeout && isRepeatable && silent is null && value?.CanRepeat != false)
            {
                // Servers drop requests without a word while they merge or restart.
                silent = connection.ServerId;
            }
            catch (StreamFaultException e)
            {
                ExceptionDispatchInfo.Throw(e.InnerException!);
            }

            value?.Rewind(isTarget: request is GetRequest);
        }
    }

    private static bool IsRead(CommandType command) =>
        command is CommandType.Get or CommandType.GetSubkeys or CommandType.GetAttributes or CommandType.CounterGet;

    private void OnRingChanged(RingSnapshot ring, string reason) => RingChanged?.Invoke(this, new RingChangedEventArgs(ring, reason));

    /// <summary>A reply and who sent it.</summary>
    private readonly record struct Answer(CommandReply Reply, string Server)
    {
        public void RequireSuccess()
        {
            if (!Reply.Result.IsSuccess) throw ClientErrors.CommandFailed(Server, Reply.Command, Reply.Result);
        }
    }
}
