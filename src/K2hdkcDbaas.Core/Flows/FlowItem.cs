namespace K2hdkcDbaas.Core.Flows;

/// <summary>A thing in a service that a flow made or removed.</summary>
/// <param name="Kind">What it is: <c>server</c>, <c>security group</c>, <c>role</c>, <c>resource</c>, <c>policy</c>, <c>role host</c>,
/// <c>image</c>, ...</param>
/// <param name="Name">Its name there.</param>
/// <param name="Id">Its id there; null where the name is the key, or when the answer that would have told it never came.</param>
public sealed record FlowItem(string Kind, string Name, string? Id = null)
{
    /// <summary>
    /// What it can be found by while its id is not known, such as <c>metadata k2hdkc-request=...</c>; null for its name only.
    /// </summary>
    public string? FoundBy { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Id is null || Id == Name ? $"{Kind} {Name}" : $"{Kind} {Name} ({Id})";
}
