using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Sandbox.K2hr3.Store;

/// <summary>Roles, their policies and their hosts.</summary>
internal sealed class RoleStore(K2hr3Store store)
{
    public RoleRecord? Find(string full) => store.Roles.GetValueOrDefault(full);

    /// <summary>Makes or changes a role; null leaves a part as it is.</summary>
    public RoleRecord Set(string full, List<string>? policies, List<string>? aliases)
    {
        var role = Make(full);
        role.Id ??= Guid.NewGuid();
        role.Policies = policies ?? role.Policies;
        if (aliases is not null)
        {
            store.Refer(role.Aliases, aliases);
            role.Aliases = aliases.Count == 0 ? null : aliases;
        }

        return role;
    }

    /// <summary>Removes a role with its hosts; its tokens die with it. Roles below it stay.</summary>
    public void Remove(string full)
    {
        if (!store.Roles.Remove(full))
        {
            return;
        }

        if (HasChildren(full))
        {
            store.Roles[full] = new RoleRecord();
            return;
        }

        for (var parent = Yrn.Parent(full); parent is not null && IsBare(parent) && !HasChildren(parent); parent = Yrn.Parent(parent))
        {
            store.Roles.Remove(parent);
        }
    }

    /// <summary>The policies of a role: those of the roles above it and of its aliases come first.</summary>
    public List<string> Policies(string full)
    {
        var found = new List<string>();
        Gather(full, found, new HashSet<string>(StringComparer.Ordinal));
        return found;
    }

    /// <summary>Registers a host, in place of those it matches.</summary>
    public void AddHost(string full, HostRecord host, bool isAddress)
    {
        var role = Make(full);
        RemoveHost(full, host.Name, host.Port, host.Cuk);
        (isAddress ? role.Addresses : role.HostNames)[host.Key] = host;
    }

    /// <summary>The hosts of a role and of those below it that match: no port and no key match any.</summary>
    public List<HostRecord> FindHosts(string full, string name, int port, string? cuk)
        => [.. Tree(full).SelectMany(role => role.Value.HostNames.Values.Concat(role.Value.Addresses.Values))
            .Where(host => Matches(host, name, port, cuk))];

    /// <summary>Removes the matching hosts of the role and of those below it.</summary>
    public void RemoveHost(string full, string name, int port, string? cuk)
    {
        foreach (var hosts in Tree(full).SelectMany(role => new[] { role.Value.HostNames, role.Value.Addresses }))
        {
            foreach (var key in hosts.Where(host => Matches(host.Value, name, port, cuk)).Select(host => host.Key).ToList())
            {
                hosts.Remove(key);
            }
        }
    }

    /// <summary>The role and all below it, itself first.</summary>
    public IEnumerable<KeyValuePair<string, RoleRecord>> Tree(string full)
        => store.Roles.Where(role => role.Key == full || role.Key.StartsWith(full + "/", StringComparison.Ordinal));

    private static bool Matches(HostRecord host, string name, int port, string? cuk)
        => host.Name == name
            && (port == host.Port || port == 0 || host.Port == 0)
            && (cuk == host.Cuk || cuk is null || host.Cuk is null)
            && (cuk is null || host.Extra is null or "openstack-auto-v1" or "k8s-auto-v1");

    private void Gather(string full, List<string> found, HashSet<string> seen)
    {
        if (!seen.Add(full))
        {
            return;
        }

        if (Yrn.Parent(full) is { } parent)
        {
            Gather(parent, found, seen);
        }

        if (store.Roles.TryGetValue(full, out var role))
        {
            foreach (var alias in role.Aliases ?? [])
            {
                Gather(alias, found, seen);
            }

            found.AddRange(role.Policies);
        }
    }

    private RoleRecord Make(string full)
    {
        if (store.Roles.TryGetValue(full, out var role))
        {
            return role;
        }

        if (Yrn.Parent(full) is { } parent)
        {
            Make(parent);
        }

        return store.Roles[full] = new RoleRecord();
    }

    private bool HasChildren(string full) => store.Roles.Keys.Any(name => name.StartsWith(full + "/", StringComparison.Ordinal));

    private bool IsBare(string full) =>
        store.Roles.TryGetValue(full, out var role) && role.Id is null && role.HostNames.Count + role.Addresses.Count == 0;
}
