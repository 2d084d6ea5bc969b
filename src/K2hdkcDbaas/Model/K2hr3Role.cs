namespace K2hdkcDbaas.Model;

/// <summary>A K2HR3 role: hosts, and the policies that count for them.</summary>
/// <param name="Name">Its name in the tenant, such as <c>demo/server</c>.</param>
/// <param name="Policies">The full names of its own policies; parents' count as well.</param>
/// <param name="Aliases">The full names of roles that it takes more from.</param>
/// <param name="Hosts">Its hosts.</param>
public sealed record K2hr3Role(string Name, IReadOnlyList<string> Policies, IReadOnlyList<string> Aliases,
    IReadOnlyList<K2hr3RoleHost> Hosts)
{
    /// <summary>The service that it came with; null for the tenant's own.</summary>
    public string? Service { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
