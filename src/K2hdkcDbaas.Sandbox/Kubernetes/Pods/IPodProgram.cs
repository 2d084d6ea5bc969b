namespace K2hdkcDbaas.Sandbox.Kubernetes.Pods;

/// <summary>What runs in a pod's containers.</summary>
internal interface IPodProgram : IAsyncDisposable
{
    /// <summary>Runs an init container to its end.</summary>
    /// <returns>Its exit code.</returns>
    Task<int> InitAsync(string container, CancellationToken ct);

    /// <summary>Runs a container's postStart hook.</summary>
    /// <returns>Its exit code; other than 0 the container is killed.</returns>
    Task<int> StartedAsync(string container, CancellationToken ct);

    /// <summary>Runs a container.</summary>
    /// <returns>Its exit code.</returns>
    Task<int> RunAsync(string container, CancellationToken ct);

    /// <summary>Runs a container's preStop hook.</summary>
    Task StoppingAsync(string container, CancellationToken ct);

    /// <summary>Whether a container's readiness probe would succeed now.</summary>
    bool IsReady(string container);
}
