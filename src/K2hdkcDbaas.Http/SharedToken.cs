namespace K2hdkcDbaas.Http;

/// <summary>A login that is made when first needed, renewed when it is ending or was refused, and shared by all who wait for it.</summary>
/// <param name="logIn">Logs in; runs once at a time, and not under any one caller's cancellation.</param>
/// <param name="isEnding">Whether a login is too near its end to be used.</param>
/// <typeparam name="T">What a login gives.</typeparam>
public sealed class SharedToken<T>(Func<CancellationToken, Task<T>> logIn, Func<T, bool> isEnding) : IDisposable
    where T : class
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _life = new();
    private T? _current;
    private Task<T>? _running;

    /// <summary>The present login; null when there is none.</summary>
    public T? Current
    {
        get
        {
            lock (_lock) return _current;
        }
    }

    /// <summary>A login that is good now. Who comes while one is being made waits for it.</summary>
    /// <param name="cancellationToken">Ends this caller's wait only.</param>
    public Task<T> GetAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_current is { } good && !isEnding(good)) return Task.FromResult(good);
            if (_running is not { IsCompleted: false }) _running = RunAsync();
            return _running.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Drops the present login if it is the refused one; a newer one stays.</summary>
    /// <param name="isRefused">Whether a login is the refused one.</param>
    public void Drop(Func<T, bool> isRefused)
    {
        lock (_lock)
        {
            if (_current is not null && isRefused(_current)) _current = null;
        }
    }

    /// <summary>Ends a login that is under way.</summary>
    public void Dispose()
    {
        _life.Cancel();
        _life.Dispose();
    }

    private async Task<T> RunAsync()
    {
        // The caller holds the lock; the login must not run under it.
        await Task.Yield();
        var made = await logIn(_life.Token).ConfigureAwait(false);
        lock (_lock) _current = made;
        return made;
    }
}
