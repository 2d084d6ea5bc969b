namespace K2hdkcDbaas.Core.Model;

/// <summary>A Trove datastore: a kind of database.</summary>
/// <param name="Id">Trove's id.</param>
/// <param name="Name">Its name; <c>k2hdkc</c> is the one that clusters are made of.</param>
public sealed record Datastore(string Id, string Name)
{
    /// <summary>The version taken when none is named.</summary>
    public string? DefaultVersion { get; init; }

    /// <summary>The names of its versions.</summary>
    public IReadOnlyList<string> Versions { get; init => field = Indexable.Of(value); } = [];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
