using K2hdkcDbaas.Core.Backups;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Tests;

public class BackupSetsTests
{
    private static readonly Backup A =
        new()
        {
            Id = "1",
            Name = "night-a",
            Backend = "Trove",
            SetName = "night",
            Cluster = "demo",
            Node = "a",
            NodeId = "a",
            SetSize = 2,
            Status = "COMPLETED",
            Usable = true
        };
    private static readonly Backup B = A with { Id = "2", Name = "night-b", Node = "b", NodeId = "b" };

    [Fact]
    public void A_whole_set_is_restored_and_what_comes_twice_once() => Assert.Equal([A, B], BackupSets.Restorable([A, B, A], force: false));

    [Fact]
    public void What_is_no_whole_set_is_refused()
    {
        Refused([], ErrorIds.InvalidRequest, "no backup");
        Refused([A, B with { Cluster = "other" }], ErrorIds.InvalidRequest, "'night' of cluster 'other'");
        Refused([A, B with { SetName = "noon" }], ErrorIds.InvalidRequest, "'noon'");
        Refused([A, B, A with { Id = "3" }], ErrorIds.InvalidRequest, "Node 'a'");
        Refused([A], ErrorIds.BackupSetIncomplete, "1 of 2");
        Refused([A, B with { Usable = false, Status = "FAILED" }], ErrorIds.BackupUnusable, "FAILED");
    }

    [Fact]
    public void Force_takes_what_is_usable_but_mixes_nothing()
    {
        Assert.Equal([A], BackupSets.Restorable([A], force: true));
        Assert.Equal([A], BackupSets.Restorable([A, B with { Usable = false }], force: true));
        Assert.Equal(ErrorIds.BackupUnusable,
            Assert.Throws<DbaasException>(() => BackupSets.Restorable([A with { Usable = false }], force: true)).ErrorId);
        foreach (var mixed in new Backup[][] { [A, B with { Cluster = "other" }], [A, A with { Id = "3" }] })
            Assert.Equal(ErrorIds.InvalidRequest, Assert.Throws<DbaasException>(() => BackupSets.Restorable(mixed, force: true)).ErrorId);
    }

    [Fact]
    public void A_set_of_an_older_version_counts_as_whole() =>
        Assert.Equal([A with { SetSize = null }], BackupSets.Restorable([A with { SetSize = null }], force: false));

    private static void Refused(Backup[] backups, string errorId, string words)
    {
        var e = Assert.Throws<DbaasException>(() => BackupSets.Restorable(backups, force: false));
        Assert.Equal(errorId, e.ErrorId);
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }
}
