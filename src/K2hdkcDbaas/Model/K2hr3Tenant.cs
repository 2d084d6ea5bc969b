namespace K2hdkcDbaas.Model;

/// <summary>A K2HR3 tenant: the namespace of resources, policies and roles; with OpenStack behind K2HR3, a project.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DisplayName">Its name for people.</param>
/// <param name="Id">Its id.</param>
/// <param name="Description">Its description.</param>
/// <param name="IsLocal">Whether K2HR3 keeps it itself, rather than having it from the cloud.</param>
/// <param name="Users">Its users; only of a local tenant.</param>
public sealed record K2hr3Tenant(string Name, string? DisplayName, string? Id, string? Description, bool IsLocal,
    IReadOnlyList<string> Users)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
