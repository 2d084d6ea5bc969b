using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Sandbox.Nodes;

namespace K2hdkcDbaas.Core.Tests.Rings;

/// <summary>A ring of the sandbox, which merges as released chmpx does.</summary>
internal sealed class SandboxChangingRing(SandboxRing ring) : ChangingRing, IRingSource
{
    public override IRingSource Source => this;

    public string Name => "sandbox";

    public string? FilePath => null;

    public static async Task<SandboxChangingRing> StartAsync(int servers, int replicas, CancellationToken ct) =>
        new SandboxChangingRing(await SandboxRing.StartAsync(new SandboxRingOptions { Servers = servers, Replicas = replicas }, ct));

    public Task<RingConfiguration> ReadAsync(CancellationToken cancellationToken) =>
        Task.FromResult(RingConfiguration.Parse(ring.SlaveConfiguration));

    public override Task AddAsync(CancellationToken ct) => ring.StartNodeAsync(ring.Nodes.Count, default, ct);

    public override Task KillAsync(int server, CancellationToken ct) => ring.KillNodeAsync(server, ct);

    /// <summary>Starts a server again that was killed, with an empty store.</summary>
    public Task RestartAsync(int server, CancellationToken ct) => ring.StartNodeAsync(server, default, ct);

    /// <summary>Has the next merge get stuck, as they do when k2hdkc does not answer its chmpx.</summary>
    public void StickNextMerge() => ring.Faults.StickNextMerge("*", MergeProgress.Doing);

    public override ValueTask DisposeAsync() => ring.DisposeAsync();
}
