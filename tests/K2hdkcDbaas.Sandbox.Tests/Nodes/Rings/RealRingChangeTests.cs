namespace K2hdkcDbaas.Sandbox.Tests.Nodes.Rings;

/// <summary>The suite on a real ring, where there is one.</summary>
public sealed class RealRingChangeTests : RingChangeTests
{
    // A step of a real ring takes seconds, and there are up to a dozen.
    private protected override TimeSpan Patience => TimeSpan.FromMinutes(10);

    private protected override Task<RingUnderTest> StartAsync(int servers, int replicas, CancellationToken ct) =>
        RealRingUnderTest.StartAsync(servers, replicas, ct);
}
