using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Core.Backups;

/// <summary>
/// The order in which chmpx gives a ring's servers their places: ascending by the bytes of their seeds, which are host names here. A
/// server's place decides which keys it holds, so a restored one needs the place of the one it was.
/// </summary>
internal sealed class RingOrder : IComparer<string>
{
    public static RingOrder Instance { get; } = new();

    /// <summary>Pairs backups with the names of the servers to be restored from them: both in the ring's order.</summary>
    /// <param name="names">As many names as backups.</param>
    /// <param name="backups">The backups of one ring.</param>
    public static IReadOnlyDictionary<string, Backup> Pair(IEnumerable<string> names, IEnumerable<Backup> backups) =>
        names.Order(Instance).Zip(backups.OrderBy(SeedOf, Instance)).ToDictionary(p => p.First, p => p.Second);

    /// <inheritdoc/>
    public int Compare(string? x, string? y) => string.CompareOrdinal(Seed(x), Seed(y));

    private static string SeedOf(Backup backup) => backup.Seed ?? backup.Node ?? backup.Name;

    // A bare name stands for a full one, whose domain begins with a dot: 'a-b.local' comes before 'a.local', though 'a' before 'a-b'.
    private static string? Seed(string? name) => name is null || name.Contains('.', StringComparison.Ordinal) ? name : name + ".";
}
