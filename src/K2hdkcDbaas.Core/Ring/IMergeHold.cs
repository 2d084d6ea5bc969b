namespace K2hdkcDbaas.Core.Ring;

/// <summary>Merges that are held off; disposing of it lets them go.</summary>
public interface IMergeHold : IAsyncDisposable
{
    /// <summary>Holds them off again: a node that reads its configuration anew has forgotten it (chmpx resets the flag then).</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    Task RenewAsync(CancellationToken cancellationToken);
}
