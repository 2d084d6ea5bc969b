namespace K2hdkcDbaas.Sandbox.Nodes;

/// <summary>Runs K2HDKC nodes inside this process.</summary>
public interface INodeRuntime : IAsyncDisposable
{
    /// <summary>Starts a node. It returns when the ports answer; joining the ring and merging data go on afterwards.</summary>
    /// <param name="node">What to start.</param>
    /// <param name="ct">Cancels the start.</param>
    /// <exception cref="K2hdkcDbaas.Errors.DbaasException">The configuration cannot be read, or names no server with this address and
    /// cuk.</exception>
    /// <exception cref="IOException">A port is taken.</exception>
    Task<INode> StartAsync(NodeDescription node, CancellationToken ct);
}
