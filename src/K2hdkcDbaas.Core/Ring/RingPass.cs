using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Ring;

/// <summary>
/// This host's membership of a ring for the time of one operation; disposing of it ends it, also after the user's stop, so with a short
/// time of its own.
/// </summary>
/// <param name="leave">Ends the membership; null when this host is a member anyway.</param>
/// <param name="cuk">The key by which the servers know this host; null for what the configuration says.</param>
internal sealed class RingPass(Func<CancellationToken, Task>? leave, string? cuk) : IAsyncDisposable
{
    // What a stopped flow may still take for leaving no trace.
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromMilliseconds(700);

    /// <summary>No membership of its own.</summary>
    public static RingPass None => new(null, null);

    /// <summary>Whether the membership is this operation's own.</summary>
    public bool IsOwn => leave is not null;

    /// <summary>The key by which the servers know this host.</summary>
    public string? Cuk => cuk;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (leave is null) return;
        using var limit = new CancellationTokenSource(GoodbyeLimit);
        try
        {
            await leave(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is DbaasException or OperationCanceledException)
        {
            // A line that stays only lists one host more; removing the cluster takes it along.
        }
    }
}
