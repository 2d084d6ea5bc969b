namespace K2hdkcDbaas.Core.Ring;

/// <summary>Merges that are held off; disposing of it lets them go.</summary>
public interface IMergeHold : IAsyncDisposable
{
    /// <summary>Holds them off again: a node that reads its configuration anew has forgotten it (chmpx resets the flag then).</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>Whether a node took it; it passes it on to all.</returns>
    Task<bool> RenewAsync(CancellationToken cancellationToken);
}
