using K2hdkcDbaas.Core.Flows;

namespace K2hdkcDbaas.Core.Sessions;

/// <summary>Makes sessions.</summary>
public interface ISessionFactory
{
    /// <summary>Connects: logs in to Keystone once (or, with no cloud at all, to K2HR3). K2HR3 is first asked when something needs it.</summary>
    /// <param name="options">Who connects, and to what.</param>
    /// <param name="observer">Watches this and every later request of the session that no flow watches.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<IDbaasSession> ConnectAsync(SessionOptions options, IFlowObserver observer, CancellationToken cancellationToken);
}
