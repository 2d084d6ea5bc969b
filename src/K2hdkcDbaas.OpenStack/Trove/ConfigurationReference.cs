namespace K2hdkcDbaas.OpenStack.Trove;

/// <summary>A configuration group that an instance has.</summary>
/// <param name="Id">The group's id.</param>
public sealed record ConfigurationReference(string Id)
{
    /// <summary>The group's name.</summary>
    public string? Name { get; init; }
}
