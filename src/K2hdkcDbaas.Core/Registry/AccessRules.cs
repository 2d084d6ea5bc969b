using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Core.Registry;

/// <summary>
/// K2HR3's own rule of who may do what (k2hr3_api src/lib/k2hr3dkc.ts): a role has the policies of the roles above it, then those of its
/// aliases, then its own; of all that name the resource and the action the last one decides, a policy's aliases coming before itself. With
/// none, the answer is no. A resource's name must be named itself: what is above it does not count.
/// </summary>
/// <param name="contents">What the tenant holds.</param>
public sealed class AccessRules(K2hr3Contents contents)
{
    /// <summary>Whether a role may do something with a resource.</summary>
    /// <param name="role">The role.</param>
    /// <param name="resource">The resource.</param>
    /// <param name="action"><c>read</c> or <c>write</c>.</param>
    public AccessDecision Decide(Yrn role, Yrn resource, string action)
    {
        ArgumentNullException.ThrowIfNull(role);
        ArgumentNullException.ThrowIfNull(resource);
        var wanted = action == "write" ? Yrn.Write : Yrn.Read;
        var granted = new List<(string Policy, IReadOnlyList<string> Path)>();
        Gather(role.ToString(), [], granted, []);
        (bool Allows, IReadOnlyList<string> Path)? verdict = null;
        foreach (var (policy, path) in granted) verdict = Judge(policy, path, resource.ToString(), wanted, verdict, []);
        var decisive = verdict?.Path[^1];
        var reason = verdict is null
            ? granted.Count == 0 ? $"No: {role} has no policy." : $"No: none of the policies of {role} names {resource} for {action}."
            : $"{(verdict.Value.Allows ? "Yes" : "No")}: {decisive} {(verdict.Value.Allows ? "allows" : "denies")} it, by way of "
                + $"{string.Join(" > ", verdict.Value.Path)}.";
        return new AccessDecision(role.ToString(), resource.ToString(), action, verdict?.Allows ?? false, decisive, verdict?.Path ?? [],
            reason);
    }

    /// <summary>What each of the tenant's roles may do with a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="action"><c>read</c> or <c>write</c>.</param>
    public IReadOnlyList<AccessDecision> Of(Yrn resource, string action) =>
        [.. contents.Roles.Keys.Order(StringComparer.Ordinal)
            .Select(role => Decide(Yrn.Make(contents.Tenant, YrnKind.Role, role), resource, action))];

    /// <summary>The roles whose member a host is: those that list it, and those above them.</summary>
    /// <param name="host">Its address, name or cuk.</param>
    public IReadOnlyList<Yrn> RolesOf(string host) =>
        [.. contents.Roles.Where(
            r => r.Value.Hosts.Any(h => h.Host.Equals(host, StringComparison.OrdinalIgnoreCase) || (h.Cuk.Length > 0 && h.Cuk == host)))
            .SelectMany(r => Line(Yrn.Make(contents.Tenant, YrnKind.Role, r.Key))).Distinct().Order()];

    private static IEnumerable<Yrn> Line(Yrn role)
    {
        for (var at = role; at is not null; at = at.Above) yield return at;
    }

    private void Gather(string role, IReadOnlyList<string> way, List<(string Policy, IReadOnlyList<string> Path)> granted,
        HashSet<string> seen)
    {
        if (!seen.Add(role)) return;
        IReadOnlyList<string> path = [.. way, role];
        if (Yrn.TryParse(role, YrnKind.Role, out var yrn) && yrn.Above is { } above) Gather(above.ToString(), path, granted, seen);
        if (Own(yrn) is not { } found) return;
        foreach (var alias in found.Aliases) Gather(alias, path, granted, seen);
        granted.AddRange(found.Policies.Select(policy => (policy, path)));
    }

    private (bool Allows, IReadOnlyList<string> Path)? Judge(
        string policy, IReadOnlyList<string> way, string resource, string action, (bool Allows, IReadOnlyList<string> Path)? verdict,
        HashSet<string> seen)
    {
        if (!seen.Add(policy) || !Yrn.TryParse(policy, YrnKind.Policy, out var yrn) || yrn.Tenant != contents.Tenant
            || !contents.Policies.TryGetValue(yrn.Name, out var found)) return verdict;
        IReadOnlyList<string> path = [.. way, policy];
        foreach (var alias in found.Aliases ?? []) verdict = Judge(alias, path, resource, action, verdict, seen);
        return (found.Resources ?? []).Contains(resource) && (found.Actions ?? []).Contains(action)
            ? (found.Effect == "allow", path)
            : verdict;
    }

    private Role? Own(Yrn? role) =>
        role is not null && role.Tenant == contents.Tenant && role.Service.Length == 0 ? contents.Roles.GetValueOrDefault(role.Name) : null;
}
