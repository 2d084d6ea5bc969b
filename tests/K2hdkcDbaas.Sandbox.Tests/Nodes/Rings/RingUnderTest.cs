namespace K2hdkcDbaas.Sandbox.Tests.Nodes.Rings;

/// <summary>A server of a ring, as one connects to it.</summary>
internal sealed record RingServer(string Address, int Port, ulong Id);

/// <summary>A ring whose servers come and go on command, of whichever make. Each command returns when the ring has settled.</summary>
internal abstract class RingUnderTest : IAsyncDisposable
{
    public abstract string Group { get; }

    /// <summary>The servers by number; null for one that does not run.</summary>
    public abstract IReadOnlyList<RingServer?> Servers { get; }

    /// <summary>Adds one more server.</summary>
    public abstract Task AddAsync(CancellationToken ct);

    /// <summary>SERVICEOUT: the server leaves the ring and goes on running.</summary>
    public abstract Task OutAsync(int server, CancellationToken ct);

    /// <summary>SERVICEIN of one that is out.</summary>
    public abstract Task InAsync(int server, CancellationToken ct);

    /// <summary>Ends a server without notice.</summary>
    public abstract Task KillAsync(int server, CancellationToken ct);

    /// <summary>Starts a killed one again, with what its kind of store kept.</summary>
    public abstract Task RestartAsync(int server, CancellationToken ct);

    /// <summary>Writes another REPLICA into every configuration.</summary>
    public abstract Task SetReplicasAsync(int replicas, CancellationToken ct);

    public abstract ValueTask DisposeAsync();
}
