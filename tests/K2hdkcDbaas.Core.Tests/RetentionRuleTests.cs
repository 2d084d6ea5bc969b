namespace K2hdkcDbaas.Core.Tests;

public class RetentionRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly Backup[] Backups = [Of("a", "s1", 10), Of("a", "s1", 10), Of("a", "s2", 5), Of("a", "s3", 1), Of("b", "t1", 20)];

    [Theory]
    [InlineData(1, null, "s1 s1 s2")]
    [InlineData(2, null, "s1 s1")]
    [InlineData(0, null, "t1 s1 s1 s2 s3")]
    [InlineData(null, 7, "t1 s1 s1")]
    [InlineData(1, 7, "s1 s1")]
    [InlineData(9, 0, "")]
    [InlineData(null, null, "")]
    public void Drops_whole_sets_of_each_cluster(int? keep, int? days, string dropped) =>
        Assert.Equal(dropped, string.Join(' ', RetentionRule.ToDrop(Backups, new BackupRetention { KeepLast = keep, OlderThan = days is { } d ? TimeSpan.FromDays(d) : null }, Now).Select(b => b.Set)));

    private static Backup Of(string cluster, string set, int daysOld) =>
        new() { Id = Guid.NewGuid().ToString(), Name = set, Set = set, Cluster = cluster, Backend = BackendKind.OpenStack, Created = Now.AddDays(-daysOld) };
}
