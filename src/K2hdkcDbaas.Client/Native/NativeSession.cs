using K2hdkcDbaas.Client.Managed;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Commands;

namespace K2hdkcDbaas.Client.Native;

/// <summary>What a native function returned, and the code of the reply it got.</summary>
/// <param name="Returned">The return: false where no reply came, or one that makes no sense.</param>
/// <param name="Code">The handle's code. Without a reply it is that of an older one.</param>
/// <param name="HasReply">Whether the code is this call's own for sure.</param>
internal readonly record struct NativeResult(bool Returned, ResultCode Code, bool HasReply)
{
    /// <summary>Whether the reply says success. Some functions return true for a refused command.</summary>
    public bool IsSuccess => Returned && Code.IsSuccess;

    /// <summary>Whether the reply is an error of a kind.</summary>
    public bool IsError(ResultDetail detail) => Returned && !Code.IsSuccess && Code.Detail == detail;
}

/// <summary>
/// One open handle, used by one thread at a time: a handle that two threads share aborts the process. Blocking calls run on
/// pool threads; a caller that gives up leaves its call running, and the next one waits for it. A handle on which a reply did not come
/// is replaced: the library would take the late reply for that of the next call. It stays open for a while, so that the late reply goes to
/// its queue: a closed handle's queue number is given to the next one at once.
/// </summary>
internal sealed class NativeSession : IAsyncDisposable
{
    // No reply of a server that came back to life was seen to come later.
    private static readonly TimeSpan LateReplyLimit = TimeSpan.FromSeconds(60);

    // Each takes two of the slave's queues.
    private const int MaxOwed = 4;

    private readonly Func<ChmpxHandle> _open;
    private readonly string _ring;
    private readonly K2hdkcClientOptions _options;
    private readonly CallSlots _turns;
    private ChmpxHandle _handle;
    private bool _isSuspect;
    private int _owed;
    private volatile bool _isClosed;

    private NativeSession(Func<ChmpxHandle> open, ChmpxHandle handle, string ring, K2hdkcClientOptions options)
    {
        _open = open;
        _handle = handle;
        _ring = ring;
        _options = options;
        _turns = new CallSlots(1, options.TimeProvider);
    }

    public static async Task<NativeSession> OpenAsync(string configurationPath, string ring, int port, string? cuk,
        K2hdkcClientOptions options, CancellationToken cancellationToken)
    {
        K2hdkcLibrary.Load();
        var handle = await Task.Run(Open, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        return new NativeSession(Open, handle, ring, options);

        ChmpxHandle Open()
        {
            lock (ChmpxHandle.OpenGate)
            {
                var opened = NativeMethods.Open(configurationPath, unchecked((short)port), cuk, isAutoRejoin: true, noGiveUpRejoin: false,
                    isCleanBackup: true);
                if (!opened.IsInvalid) return opened;
                opened.Dispose();
            }

            throw new DbaasException(
                ErrorKind.Unreachable, K2hdkcErrors.NativeOpenFailed,
                $"libk2hdkc could not attach to the slave chmpx of the ring {ring} (configuration {configurationPath}, control port "
                    + $"{(port < 0 ? "from the configuration" : port.ToString(System.Globalization.CultureInfo.InvariantCulture))}).",
                "Start a slave chmpx with this configuration on this host, as a user whose shared files this one may open; each client "
                    + "takes 2 of its MAXMQCLIENT queues.");
        }
    }

    /// <summary>Runs one native call as one turn and adds the code of its reply.</summary>
    public Task<NativeResult> CallAsync(string what, Func<ChmpxHandle, bool> call, CancellationToken cancellationToken) =>
        CallAsync(what, call, mayHide: false, cancellationToken);

    /// <summary>Runs one native call as one turn and adds the code of its reply.</summary>
    /// <param name="what">The call, for errors.</param>
    /// <param name="call">The call.</param>
    /// <param name="mayHide">Whether a false return may also be how the library hides a value: then a new code is proof of a reply.</param>
    /// <param name="cancellationToken">Ends the wait; the call runs on.</param>
    public async Task<NativeResult> CallAsync(string what, Func<ChmpxHandle, bool> call, bool mayHide, CancellationToken cancellationToken)
    {
        await _turns.TakeAsync(cancellationToken).ConfigureAwait(false);
        Task<NativeResult> running;
        try
        {
            if (_isClosed) throw ClientErrors.Closed(_ring);
            running = Task.Run(() => Call(what, call, mayHide), CancellationToken.None);
        }
        catch
        {
            _turns.Release();
            throw;
        }

        // The turn ends when the native call does, not when its caller stops waiting.
        _ = running.ContinueWith((_, turns) => ((CallSlots)turns!).Release(), _turns, CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            return await running.WaitAsync(_options.CallTimeout, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Who has waited behind it as long has no better prospects.
            _turns.Fail(_options.CallTimeout, () => Silent(what));
            throw Silent(what);
        }
    }

    /// <summary>The error of a call that did not succeed.</summary>
    public DbaasException Failure(string what, NativeResult result) =>
        !result.Returned || result.Code.IsSuccess
            ? Silent(what)
            : new DbaasException(ErrorKind.ServiceFailure, K2hdkcErrors.CommandFailed,
                $"The ring {_ring} failed to carry out {what}: {result.Code}.", "Look at the servers' logs.")
            { Service = _ring };

    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        var closing = CloseAsync();
        // A call that never ends keeps its handle; its owner need not wait for that.
        await Task.WhenAny(closing, Task.Delay(_options.CallTimeout, _options.TimeProvider)).ConfigureAwait(false);
    }

    private async Task CloseAsync()
    {
        await _turns.TakeAsync(CancellationToken.None).ConfigureAwait(false);
        if (_isSuspect) SetAside();
        else _handle.Dispose();
        _turns.Release();
    }

    private NativeResult Call(string what, Func<ChmpxHandle, bool> call, bool mayHide)
    {
        if (_isSuspect) Replace(what);
        // Whatever happens in between, the handle is not to be trusted.
        _isSuspect = true;
        var before = NativeMethods.ResultCode(_handle);
        var returned = call(_handle);
        var code = NativeMethods.ResultCode(_handle);
        // Calls of several commands may lack the reply to the last one only; their code proves nothing.
        var hasReply = returned || (mayHide && code != before);
        _isSuspect = !hasReply;
        return new NativeResult(returned, new ResultCode(code), hasReply);
    }

    private void Replace(string what)
    {
        // So much silence will not end with one call more; and the slave's queues are not for this client alone.
        if (Volatile.Read(ref _owed) >= MaxOwed)
        {
            throw new DbaasException(
                ErrorKind.Timeout, K2hdkcErrors.CallTimeout,
                $"The ring {_ring} has left {MaxOwed} calls of this client unanswered within a minute; {what} was not sent.",
                "Check the servers, wait a minute for their late replies to pass, or connect with the managed transport.")
            { Service = _ring };
        }

        var fresh = _open();
        SetAside();
        _handle = fresh;
    }

    private void SetAside()
    {
        Interlocked.Increment(ref _owed);
        _ = CloseLaterAsync(_handle);
    }

    private async Task CloseLaterAsync(ChmpxHandle handle)
    {
        await Task.Delay(LateReplyLimit, _options.TimeProvider).ConfigureAwait(false);
        handle.Dispose();
        Interlocked.Decrement(ref _owed);
    }

    private DbaasException Silent(string what) => new(
        ErrorKind.Timeout, K2hdkcErrors.CallTimeout,
        $"The ring {_ring} did not answer {what} through the local slave chmpx; a change may have been made or not.",
        "Check the slave chmpx of this host and the ring's state.")
    { Service = _ring };
}
