namespace K2hdkcDbaas.Sandbox.Tests.Nodes.Rings;

/// <summary>
/// What becomes of keys when a ring of released chmpx grows, shrinks or loses a server. Only the server that joins or leaves fetches data,
/// so with n servers and R copies beside the first, a growth hides (n - R - 1) / (n + 1) of the keys and a shrink 1 - (R + 1) / n. The same
/// suite runs on real rings.
/// </summary>
public abstract class RingChangeTests
{
    private protected abstract TimeSpan Patience { get; }

    [Theory]
    [InlineData(3, 1, 0.25)]
    [InlineData(4, 1, 0.4)]
    [InlineData(3, 0, 0.5)]
    [InlineData(2, 1, 0)]
    [InlineData(3, 2, 0)]
    public async Task A_growth_hides_the_keys_whose_new_first_holder_has_no_copy(int servers, int replicas, double hidden)
    {
        var ct = Limit();
        await using var ring = await StartAsync(servers, replicas, ct);
        using var keys = new RandomKeys(ring, ct);
        await keys.WriteAsync("new");
        await ring.AddAsync(ct);
        RandomKeys.AssertShare(1 - hidden, await keys.FoundAsync());
        // The newcomer has its whole share all the same, and nobody has thrown anything away.
        RandomKeys.AssertShare((replicas + 1.0) / (servers + 1), await keys.HeldAsync(servers));
        for (var i = 0; i < servers; i++) RandomKeys.AssertShare((replicas + 1.0) / servers, await keys.HeldAsync(i));
    }

    [Theory]
    [InlineData(4, 1, 0.5)]
    [InlineData(3, 2, 0)]
    [InlineData(2, 1, 0)]
    public async Task A_shrink_hides_the_keys_whose_new_first_holder_has_no_copy_until_the_server_is_back(int servers, int replicas,
        double hidden)
    {
        var ct = Limit();
        await using var ring = await StartAsync(servers, replicas, ct);
        using var keys = new RandomKeys(ring, ct);
        await keys.WriteAsync("new");
        await ring.OutAsync(servers - 1, ct);
        RandomKeys.AssertShare(1 - hidden, await keys.FoundAsync());
        await ring.InAsync(servers - 1, ct);
        Assert.Equal(RandomKeys.Count, await keys.FoundAsync());
    }

    [Fact]
    public async Task After_a_growth_each_old_member_out_and_in_again_finds_every_key()
    {
        var ct = Limit();
        await using var ring = await StartAsync(3, 1, ct);
        using var keys = new RandomKeys(ring, ct);
        await keys.WriteAsync("new");
        await ring.AddAsync(ct);
        var least = RandomKeys.Count;
        for (var i = 0; i < 3; i++)
        {
            await ring.OutAsync(i, ct);
            least = Math.Min(least, await keys.FoundAsync());
            await ring.InAsync(i, ct);
        }

        Assert.Equal(RandomKeys.Count, await keys.FoundAsync());
        Assert.InRange(least, RandomKeys.Count / 2, RandomKeys.Count - 1);
    }

    [Fact]
    public async Task After_a_shrink_each_other_member_out_and_in_again_finds_every_key_step_by_step()
    {
        var ct = Limit();
        await using var ring = await StartAsync(4, 1, ct);
        using var keys = new RandomKeys(ring, ct);
        await keys.WriteAsync("new");
        await ring.OutAsync(3, ct);
        double[] expected = [1 / 2.0, 2 / 3.0, 3 / 4.0, 5 / 6.0, 1, 1];
        for (var i = 0; i < 3; i++)
        {
            await ring.OutAsync(i, ct);
            RandomKeys.AssertShare(expected[2 * i], await keys.FoundAsync());
            await ring.InAsync(i, ct);
            RandomKeys.AssertShare(expected[(2 * i) + 1], await keys.FoundAsync());
        }

        for (var i = 0; i < 3; i++) Assert.Equal(RandomKeys.Count, await keys.HeldAsync(i));
    }

    [Fact]
    public async Task Keys_that_were_rewritten_come_back_old_and_removed_ones_come_back()
    {
        var ct = Limit();
        await using var ring = await StartAsync(3, 1, ct);
        using var rewritten = new RandomKeys(ring, ct);
        using var removed = new RandomKeys(ring, ct);
        await rewritten.WriteAsync("old");
        await removed.WriteAsync("gone");
        await ring.AddAsync(ct);
        await rewritten.WriteAsync("new");
        await removed.RemoveAsync();
        Assert.Equal(RandomKeys.Count, (await rewritten.ReadAsync())["new"]);
        Assert.Equal(0, await removed.FoundAsync());

        await ring.OutAsync(3, ct);
        var read = await rewritten.ReadAsync();
        RandomKeys.AssertShare(0.5, read["old"]);
        Assert.Equal(RandomKeys.Count, read["old"] + read["new"]);
        RandomKeys.AssertShare(0.5, await removed.FoundAsync());
    }

    [Fact]
    public async Task A_killed_server_hides_what_the_others_take_over_without_a_copy_until_it_is_back()
    {
        var ct = Limit();
        await using var ring = await StartAsync(3, 1, ct);
        using var keys = new RandomKeys(ring, ct);
        await keys.WriteAsync("new");
        await ring.KillAsync(2, ct);
        RandomKeys.AssertShare(2 / 3.0, await keys.FoundAsync());
        await ring.RestartAsync(2, ct);
        Assert.Equal(RandomKeys.Count, await keys.FoundAsync());
    }

    [Fact]
    public async Task More_copies_come_with_each_member_out_and_in_again_and_a_newcomer_still_holds_its_share_alone()
    {
        var ct = Limit();
        await using var ring = await StartAsync(3, 1, ct);
        using var keys = new RandomKeys(ring, ct);
        await keys.WriteAsync("new");
        await ring.SetReplicasAsync(2, ct);
        RandomKeys.AssertShare(2 / 3.0, await keys.HeldAsync(0));
        for (var i = 0; i < 3; i++)
        {
            await ring.OutAsync(i, ct);
            await ring.InAsync(i, ct);
        }

        for (var i = 0; i < 3; i++) Assert.Equal(RandomKeys.Count, await keys.HeldAsync(i));
        await ring.AddAsync(ct);
        Assert.Equal(RandomKeys.Count, await keys.FoundAsync());
        RandomKeys.AssertShare(0.75, await keys.HeldAsync(3));
        // The newcomer is asked for what it never got.
        await ring.OutAsync(0, ct);
        Assert.InRange(await keys.FoundAsync(), RandomKeys.Count * 4 / 5, RandomKeys.Count - 1);
    }

    private protected abstract Task<RingUnderTest> StartAsync(int servers, int replicas, CancellationToken ct);

    private CancellationToken Limit() => TestRings.Limit((int)Patience.TotalSeconds);
}
