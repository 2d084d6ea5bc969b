namespace K2hdkcDbaas.K2hr3;

/// <summary>A name and what is below it.</summary>
/// <param name="Name">The last part of the name.</param>
public sealed record NameTree(string Name)
{
    /// <summary>What is below; empty when the list was not asked to go deeper.</summary>
    public IReadOnlyList<NameTree> Children { get; init; } = [];
}
