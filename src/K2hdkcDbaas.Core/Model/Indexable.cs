namespace K2hdkcDbaas.Core.Model;

/// <summary>
/// Lists that PowerShell can index. Those that the compiler makes of collection expressions show it no indexer, and <c>$list[0]</c> is then
/// the whole list.
/// </summary>
internal static class Indexable
{
    public static IReadOnlyList<T> Of<T>(IReadOnlyList<T> list)
    {
        T[] array = [.. list];
        return array;
    }
}
