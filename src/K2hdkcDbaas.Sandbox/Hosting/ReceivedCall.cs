namespace K2hdkcDbaas.Sandbox;

/// <summary>A request that the sandbox received and answered.</summary>
/// <param name="Sequence">1 for the first request of this sandbox.</param>
/// <param name="Time">Sandbox time of its arrival.</param>
/// <param name="Service">keystone, nova, glance, neutron, trove or k2hr3.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path, secrets in it replaced.</param>
/// <param name="Query">Query with its question mark, secrets in it replaced; empty without one.</param>
/// <param name="Status">HTTP status of the answer; 0 when the connection was cut.</param>
/// <param name="Milliseconds">Real time until the answer began.</param>
/// <param name="RequestId">The answer's request id, where the service gives one.</param>
/// <param name="Fault">Name of the fault rule that changed the answer, if one did.</param>
public sealed record ReceivedCall(
    long Sequence, DateTimeOffset Time, string Service, string Method, string Path, string Query, int Status, double Milliseconds,
    string? RequestId, string? Fault)
{
    /// <summary>True for methods that change something: all but GET, HEAD and OPTIONS.</summary>
    public bool IsChange => Method is not ("GET" or "HEAD" or "OPTIONS");
}
