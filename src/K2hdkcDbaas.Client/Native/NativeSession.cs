using K2hdkcDbaas.Client.Managed;
using K2hdkcDbaas.Faults;
using K2hdkcDbaas.Protocol.Commands;

namespace K2hdkcDbaas.Client.Native;

/// <summary>What a native function returned, and the code of the reply it got.</summary>
internal readonly record struct NativeResult(bool Returned, ResultCode Code)
{
    /// <summary>
    /// Whether the reply says success. Some functions return true for a refused command; and the code is an older reply's when none came,
    /// which a false return tells.
    /// </summary>
    public bool IsSuccess => Returned && Code.IsSuccess;
}

/// <summary>
/// One open handle, used by one thread at a time: a handle that two threads share aborts the process. Blocking calls run on
/// pool threads; a caller that gives up leaves its call running, and the next one waits for it.
/// </summary>
internal sealed class NativeSession : IAsyncDisposable
{
    private readonly ChmpxHandle _handle;
    private readonly string _ring;
    private readonly K2hdkcClientOptions _options;
    private readonly SemaphoreSlim _gate = new(1);
    private volatile bool _isClosed;

    private NativeSession(ChmpxHandle handle, string ring, K2hdkcClientOptions options)
    {
        _handle = handle;
        _ring = ring;
        _options = options;
    }

    public static async Task<NativeSession> OpenAsync(string configurationPath, string ring, int port, string? cuk, K2hdkcClientOptions options, CancellationToken cancellationToken)
    {
        K2hdkcLibrary.Load();
        var opening = Task.Run(
            () =>
            {
                lock (ChmpxHandle.OpenGate) return NativeMethods.Open(configurationPath, unchecked((short)port), cuk, isAutoRejoin: true, noGiveUpRejoin: false, isCleanBackup: true);
            },
            cancellationToken);
        var handle = await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!handle.IsInvalid) return new NativeSession(handle, ring, options);
        handle.Dispose();
        throw new DbaasException(
            FaultKind.Unreachable, K2hdkcErrors.NativeOpenFailed,
            $"libk2hdkc could not attach to the slave chmpx of the ring {ring} (configuration {configurationPath}, control port {(port < 0 ? "from the configuration" : port.ToString(System.Globalization.CultureInfo.InvariantCulture))}).",
            "Start a slave chmpx with this configuration on this host, as a user whose shared files this one may open; each client takes 2 of its MAXMQCLIENT queues.");
    }

    /// <summary>Runs one or several native calls as one turn.</summary>
    public async Task<T> RunAsync<T>(string what, Func<ChmpxHandle, T> call, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        Task<T> running;
        try
        {
            if (_isClosed) throw ClientFaults.Closed(_ring);
            running = Task.Run(() => call(_handle), CancellationToken.None);
        }
        catch
        {
            _gate.Release();
            throw;
        }

        // The turn ends when the native call does, not when its caller stops waiting.
        _ = running.ContinueWith((_, gate) => ((SemaphoreSlim)gate!).Release(), _gate, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            return await running.WaitAsync(_options.CallTimeout, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw Silent(what);
        }
    }

    /// <summary>Runs one native call and adds the code of its reply.</summary>
    public Task<NativeResult> CallAsync(string what, Func<ChmpxHandle, bool> call, CancellationToken cancellationToken) =>
        RunAsync(what, handle => new NativeResult(call(handle), new ResultCode(NativeMethods.ResultCode(handle))), cancellationToken);

    /// <summary>The error of a call that did not succeed.</summary>
    public DbaasException Failure(string what, NativeResult result) =>
        result.Code.IsSuccess || result.Code == ResultCode.Request
            ? Silent(what)
            : new DbaasException(FaultKind.ServiceFailure, K2hdkcErrors.CommandFailed, $"The ring {_ring} failed to carry out {what}: {result.Code}.", "Look at the servers' logs.") { Service = _ring };

    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        await _gate.WaitAsync().ConfigureAwait(false);
        _handle.Dispose();
        _gate.Release();
    }

    private DbaasException Silent(string what) => new(
        FaultKind.Timeout, K2hdkcErrors.CallTimeout, $"The ring {_ring} did not answer {what} through the local slave chmpx; a change may have been made or not.",
        "Check the slave chmpx of this host and the ring's state.")
    { Service = _ring };
}
