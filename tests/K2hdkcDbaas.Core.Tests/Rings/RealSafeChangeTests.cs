using System.Globalization;

namespace K2hdkcDbaas.Core.Tests.Rings;

/// <summary>The suite on real rings, where there are some; <c>K2HDKC_TEST_RING_KEYS</c> says with how many keys.</summary>
public sealed class RealSafeChangeTests(ITestOutputHelper output) : SafeChangeTests(output)
{
    private protected override int Keys =>
        int.TryParse(Environment.GetEnvironmentVariable("K2HDKC_TEST_RING_KEYS"), CultureInfo.InvariantCulture, out var keys)
            ? keys
            : base.Keys;

    // A step of a real ring takes seconds, and copying goes key by key.
    private protected override TimeSpan Patience => TimeSpan.FromMinutes(30);

    // Minutes long: not on the sandbox, where each change of the suite is the same as the one before.
    [Fact]
    public Task Six_servers_lose_no_key() => GrowAndShrinkAsync(1, 6);

    private protected override Task<ChangingRing> StartAsync(int servers, int replicas, CancellationToken ct) =>
        LabChangingRing.StartAsync(servers, replicas, ct);
}
