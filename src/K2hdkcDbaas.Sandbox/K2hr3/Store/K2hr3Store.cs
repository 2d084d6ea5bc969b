namespace K2hdkcDbaas.Sandbox.K2hr3.Store;

/// <summary>All that one K2HR3 knows, by full names. Callers hold the sandbox's gate.</summary>
internal sealed class K2hr3Store
{
    public SortedDictionary<string, ResourceRecord> Resources { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, PolicyRecord> Policies { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, RoleRecord> Roles { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, RoleToken> RoleTokens { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, UserToken> UserTokens { get; } = new(StringComparer.Ordinal);

    /// <summary>Names of the users who have ever logged in.</summary>
    public HashSet<string> Users { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether a user has had a token for the tenant.</summary>
    public bool HasSeen(string user, string tenant) => UserTokens.Values.Any(token => token.User == user && token.Tenant == tenant);

    /// <summary>Counts a reference to whatever has that name; names of nothing are passed over, as the real service does.</summary>
    public void Refer(string full, int change)
    {
        if (Resources.TryGetValue(full, out var resource) && resource.IsOwn)
        {
            resource.References = Math.Max(0, resource.References + change);
        }
        else if (Policies.TryGetValue(full, out var policy))
        {
            policy.References = Math.Max(0, policy.References + change);
        }
        else if (Roles.TryGetValue(full, out var role) && role.Id is not null)
        {
            role.References = Math.Max(0, role.References + change);
        }
    }

    /// <summary>Replaces one list of references by another.</summary>
    public void Refer(IReadOnlyCollection<string>? before, IReadOnlyCollection<string>? after)
    {
        foreach (var gone in (before ?? []).Except(after ?? []))
        {
            Refer(gone, -1);
        }

        foreach (var come in (after ?? []).Except(before ?? []))
        {
            Refer(come, +1);
        }
    }
}
