using K2hdkcDbaas.Core.Backups;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Core.Tests;

public class RetentionRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly Backup[] Backups =
        [Of("a", "s1", 10), Of("a", "s1", 10), Of("a", "s2", 5), Of("a", "s3", 1), Of("b", "t1", 20)];

    [Theory]
    [InlineData(1, null, "s1 s1 s2")]
    [InlineData(2, null, "s1 s1")]
    [InlineData(0, null, "t1 s1 s1 s2 s3")]
    [InlineData(null, 7, "t1 s1 s1")]
    [InlineData(1, 7, "s1 s1")]
    [InlineData(9, 0, "")]
    [InlineData(null, null, "")]
    public void Drops_whole_sets_of_each_cluster(int? keep, int? days, string dropped) =>
        Assert.Equal(dropped,
            string.Join(' ',
                RetentionRule.ToDrop(Backups,
                    new BackupRetention { KeepLast = keep, OlderThan = days is { } d ? TimeSpan.FromDays(d) : null },
                    Now).Select(b => b.SetName)));

    [Theory]
    [InlineData("s1:2 s2:1 s3:1f s3:1", 1, "")]
    [InlineData("s1:2 s2:2 s3:2f", 1, "s1 s1")]
    [InlineData("s1:2 s2:1 s3:2 s4:1", 1, "s1 s1 s2")]
    [InlineData("s1:2 s2:1 s3:2", 2, "")]
    [InlineData("s0:1 s1:2 s2:1 s3:2", 2, "s0")]
    [InlineData("s1:2 s2:1", null, "s1 s1 s2")]
    public void Counts_only_whole_sets(string sets, int? keep, string dropped)
    {
        // Each word is a set of two nodes: how many it has, f when one of them failed; one day apart.
        var backups = new List<Backup>();
        foreach (var (word, day) in sets.Split(' ').Select((w, i) => (w, i)))
        {
            var (name, count) = (word.Split(':')[0], word.Split(':')[1]);
            for (var n = 0; n < count[0] - '0'; n++)
                backups.Add(Of("a", name, 30 - day) with { SetSize = 2, NodeId = $"{n}", Usable = n > 0 || !count.EndsWith('f') });
        }
        var retention = new BackupRetention { KeepLast = keep, OlderThan = keep is null ? TimeSpan.FromDays(7) : null };
        Assert.Equal(dropped, string.Join(' ', RetentionRule.ToDrop(backups, retention, Now).Select(b => b.SetName)));
    }

    private static Backup Of(string cluster, string set, int daysOld) =>
        new()
        {
            Id = Guid.NewGuid().ToString(),
            Name = set,
            SetName = set,
            Cluster = cluster,
            Backend = "Nova",
            Usable = true,
            Created = Now.AddDays(-daysOld)
        };
}
