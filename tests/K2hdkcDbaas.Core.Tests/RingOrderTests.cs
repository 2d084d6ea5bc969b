using K2hdkcDbaas.Core.Backups;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Core.Tests;

public class RingOrderTests
{
    [Theory]
    [InlineData("demo-server-1", "demo-server-2", "demo-server-10")]
    [InlineData("a", "a-b", "A")]
    [InlineData("a.local", "a-b.local", "B.local")]
    public void Is_that_of_the_bytes_of_full_host_names(params string[] names)
    {
        var full = names.Select(n => n.Contains('.', StringComparison.Ordinal) ? n : n + ".novalocal").Order(StringComparer.Ordinal)
            .ToList();
        Assert.Equal(full, [.. names.Order(RingOrder.Instance).Select(n => full.Single(f => f == n || f == n + ".novalocal"))]);
    }

    [Fact]
    public void Restored_servers_take_the_places_of_those_they_were()
    {
        // Twelve nodes of a cluster from which two were removed: their places differ from those of the new names by number.
        var backups = Enumerable.Range(3, 12).Select(n => Of($"old-server-{n}")).ToList();
        var names = Enumerable.Range(1, 12).Select(n => $"new-server-{n}").ToList();
        var pairs = RingOrder.Pair(names, backups);
        Assert.Equal(backups.Select(b => b.Node).Order(StringComparer.Ordinal),
            [.. pairs.OrderBy(p => p.Key + ".local", StringComparer.Ordinal).Select(p => p.Value.Node)]);
    }

    [Fact]
    public void The_seed_that_the_ring_knew_outranks_the_name()
    {
        var backups = new[] { Of("z") with { Seed = "a.local" }, Of("a") with { Seed = "z.local" } };
        Assert.Equal("z", RingOrder.Pair(["n1", "n2"], backups)["n1"].Node);
    }

    private static Backup Of(string node) => new() { Id = "id-" + node, Name = "set-" + node, Node = node, Backend = "Nova" };
}
