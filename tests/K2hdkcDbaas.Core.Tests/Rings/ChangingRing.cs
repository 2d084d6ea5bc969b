using K2hdkcDbaas.Core.Data;

namespace K2hdkcDbaas.Core.Tests.Rings;

/// <summary>A ring of whichever make that servers are added to, and that loses them, while the module changes it.</summary>
internal abstract class ChangingRing : IAsyncDisposable
{
    /// <summary>Where its configuration is.</summary>
    public abstract IRingSource Source { get; }

    /// <summary>Starts one more server; it comes in when the ring lets it.</summary>
    public abstract Task AddAsync(CancellationToken ct);

    /// <summary>Ends a server without notice.</summary>
    public abstract Task KillAsync(int server, CancellationToken ct);

    public abstract ValueTask DisposeAsync();
}
