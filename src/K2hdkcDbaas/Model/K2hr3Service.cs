namespace K2hdkcDbaas.Model;

/// <summary>A K2HR3 service: resources that its owner lends to other tenants.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Verify">Where its resources come from: an address to ask, or the resources as JSON.</param>
/// <param name="Tenants">The full names of the tenants that may take it up.</param>
public sealed record K2hr3Service(string Name, string? Verify, IReadOnlyList<string> Tenants)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
