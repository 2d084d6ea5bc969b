using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Tests.Rings;

/// <summary>The suite on the sandbox's rings.</summary>
public sealed class SandboxSafeChangeTests(ITestOutputHelper output) : SafeChangeTests(output)
{
    private protected override TimeSpan Patience => TimeSpan.FromMinutes(3);

    private protected override TimeSpan? MergeStillLimit => TimeSpan.FromSeconds(3);

    // Real servers get stuck when they will, so this cannot be had of them.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_merge_that_gets_stuck_is_broken_off_and_begun_anew(bool joins)
    {
        var ct = Limit();
        await using var ring = await SandboxChangingRing.StartAsync(3, 1, ct);
        await using var load = await RingLoad.StartAsync(ring.Source, Keys / 6, ct);
        var warnings = new List<string>();
        ring.StickNextMerge();
        var options = Options() with { Observer = new Watcher(Output, null, warnings.Add) };
        if (joins) await GrowAsync(ring, ct, options);
        else
        {
            var controller = await OpenAsync(ring, ct);
            await controller.DisableAsync(controller.Nodes[2], options, ct);
        }

        Assert.Contains(warnings, w => w.Contains("ABORTMERGE", StringComparison.Ordinal));
        await SoundAsync(ring, load, ct);
    }

    [Fact]
    public async Task A_merge_that_stays_stuck_is_named_with_what_to_do_and_the_change_is_finished_later()
    {
        var ct = Limit();
        await using var ring = await SandboxChangingRing.StartAsync(3, 1, ct);
        await using var load = await RingLoad.StartAsync(ring.Source, Keys / 6, ct);
        for (var i = 0; i < 3; i++) ring.StickNextMerge();
        var controller = await OpenAsync(ring, ct);
        var error = await Assert.ThrowsAsync<DbaasException>(() => controller.DisableAsync(controller.Nodes[2], Options(), ct));
        Assert.Equal((ErrorKind.Timeout, ErrorIds.MergeStuck), (error.Kind, error.ErrorId));
        await ring.KillAsync(2, ct);
        await ring.RestartAsync(2, ct);
        await RepairAsync(controller, ct);
        await SoundAsync(ring, load, ct);
    }

    private protected override async Task<ChangingRing> StartAsync(int servers, int replicas, CancellationToken ct) =>
        await SandboxChangingRing.StartAsync(servers, replicas, ct);
}
