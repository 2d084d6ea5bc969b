namespace K2hdkcDbaas.Core.Flows;

/// <summary>Runs independent requests at the same time, but not too many.</summary>
internal static class Together
{
    /// <summary>How many requests of one flow are under way at most; clouds throttle above that.</summary>
    public const int Limit = 8;

    /// <summary>
    /// Does the same with each item. After a failure nothing new is begun, but what is under way is awaited, so that its outcome is known;
    /// then the first failure is raised.
    /// </summary>
    public static async Task<TResult[]> ForEachAsync<T, TResult>(IReadOnlyList<T> items, Func<T, Task<TResult>> action)
    {
        var results = new TResult[items.Count];
        var next = -1;
        var failed = false;
        async Task WorkAsync()
        {
            int i;
            while (!Volatile.Read(ref failed) && (i = Interlocked.Increment(ref next)) < items.Count)
            {
                try
                {
                    results[i] = await action(items[i]).ConfigureAwait(false);
                }
                catch
                {
                    Volatile.Write(ref failed, true);
                    throw;
                }
            }
        }
        await AllAsync([.. Enumerable.Range(0, Math.Min(Limit, items.Count)).Select(_ => WorkAsync())]).ConfigureAwait(false);
        return results;
    }

    /// <summary>Does the same with each item.</summary>
    public static Task ForEachAsync<T>(IReadOnlyList<T> items, Func<T, Task> action) => ForEachAsync(items, async item =>
    {
        await action(item).ConfigureAwait(false);
        return true;
    });

    /// <summary>Awaits all, also after one failed; then raises a failure rather than a mere cancellation.</summary>
    public static async Task AllAsync(params Task[] tasks)
    {
        var all = Task.WhenAll(tasks);
        try
        {
            await all.ConfigureAwait(false);
        }
        catch (Exception) when (all.Exception is { } failures)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
    }
}
