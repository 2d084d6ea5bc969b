namespace K2hdkcDbaas.OpenStack.Trove;

/// <summary>An address of an instance.</summary>
/// <param name="Address">The address.</param>
public sealed record DatabaseAddress(string Address)
{
    /// <summary>private or public.</summary>
    public string? Type { get; init; }

    /// <summary>The network's id.</summary>
    public string? Network { get; init; }
}
