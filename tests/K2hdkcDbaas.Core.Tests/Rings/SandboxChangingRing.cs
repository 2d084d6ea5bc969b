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

    public static async Task<ChangingRing> StartAsync(int servers, int replicas, CancellationToken ct) =>
        new SandboxChangingRing(await SandboxRing.StartAsync(new SandboxRingOptions { Servers = servers, Replicas = replicas }, ct));

    public Task<RingConfiguration> ReadAsync(CancellationToken cancellationToken) =>
        Task.FromResult(RingConfiguration.Parse(ring.SlaveConfiguration));

    public override Task AddAsync(CancellationToken ct) => ring.StartNodeAsync(ring.Nodes.Count, default, ct);

    public override Task KillAsync(int server, CancellationToken ct) => ring.KillNodeAsync(server, ct);

    public override Task RestartAsync(int server, CancellationToken ct) => ring.StartNodeAsync(server, default, ct);

    public override Task StickAsync(int server, CancellationToken ct)
    {
        ring.Faults.StickNextMerge("*", MergeProgress.Doing);
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync() => ring.DisposeAsync();
}
