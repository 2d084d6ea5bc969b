using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Sandbox.K2hr3.Store;

/// <summary>What a request wants to change of a policy; null leaves a part as it is.</summary>
internal sealed record PolicyChange(bool? Allows, List<string>? Actions, List<string>? Resources, List<string>? Aliases);

/// <summary>Policies: which actions on which resources they allow or deny.</summary>
internal sealed class PolicyStore(K2hr3Store store)
{
    /// <summary>Makes or changes a policy; false for a name it cannot have.</summary>
    public bool Set(string tenant, string name, PolicyChange change, string service = "")
    {
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return false;
        }

        var full = Yrn.Of(tenant, YrnKind.Policy, name, service);
        if (!store.Policies.TryGetValue(full, out var policy))
        {
            store.Policies[full] = policy = new PolicyRecord();
        }

        policy.Allows = change.Allows ?? policy.Allows;
        policy.Actions = change.Actions ?? policy.Actions;
        if (change.Resources is not null)
        {
            store.Refer(policy.Resources, change.Resources);
            policy.Resources = change.Resources;
        }

        if (change.Aliases is not null)
        {
            store.Refer(policy.Aliases, change.Aliases);
            policy.Aliases = change.Aliases;
        }

        return true;
    }

    public PolicyRecord? Find(string full) => store.Policies.GetValueOrDefault(full);

    /// <summary>Removes a policy; also true when there was none, false when something still names it.</summary>
    public bool Remove(string full)
    {
        if (!store.Policies.TryGetValue(full, out var policy))
        {
            return true;
        }

        if (policy.References > 0)
        {
            return false;
        }

        store.Policies.Remove(full);
        store.Refer(policy.Aliases, null);
        store.Refer(policy.Resources, null);
        return true;
    }

    /// <summary>Whether the policies, one after the other, allow the action: a later one that fits overrides an earlier one.</summary>
    public bool Allows(IEnumerable<string> policies, string resource, string action)
    {
        bool? verdict = null;
        foreach (var policy in policies)
        {
            verdict = Judge(policy, resource, action, verdict, new HashSet<string>(StringComparer.Ordinal));
        }

        return verdict == true;
    }

    private bool? Judge(string full, string resource, string action, bool? verdict, HashSet<string> seen)
    {
        if (!seen.Add(full) || !store.Policies.TryGetValue(full, out var policy))
        {
            return verdict;
        }

        foreach (var alias in policy.Aliases ?? [])
        {
            verdict = Judge(alias, resource, action, verdict, seen) ?? verdict;
        }

        return policy.Resources.Contains(resource) && policy.Actions.Contains(action) ? policy.Allows : verdict;
    }
}
