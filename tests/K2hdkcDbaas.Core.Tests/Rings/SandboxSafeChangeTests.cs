namespace K2hdkcDbaas.Core.Tests.Rings;

/// <summary>The suite on the sandbox's rings.</summary>
public sealed class SandboxSafeChangeTests(ITestOutputHelper output) : SafeChangeTests(output)
{
    private protected override TimeSpan Patience => TimeSpan.FromMinutes(3);

    private protected override TimeSpan MergeStillLimit => TimeSpan.FromSeconds(6);

    private protected override Task<ChangingRing> StartAsync(int servers, int replicas, CancellationToken ct) =>
        SandboxChangingRing.StartAsync(servers, replicas, ct);
}
