using System.Collections.Concurrent;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Core.Registry;

/// <summary>What a tenant holds in K2HR3, by bare name; what is named within is named in full. Tokens are never part of it.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Resources">Its resources as they are, not expanded.</param>
/// <param name="Policies">Its policies.</param>
/// <param name="Roles">Its roles with their hosts.</param>
public sealed record K2hr3Contents(
    string Tenant, IReadOnlyDictionary<string, Resource> Resources, IReadOnlyDictionary<string, Policy> Policies,
    IReadOnlyDictionary<string, Role> Roles)
{
    private const int AtOnce = 4;

    /// <summary>Reads all that the session's tenant holds.</summary>
    /// <param name="k2hr3">The session.</param>
    /// <param name="tenant">Its tenant.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async Task<K2hr3Contents> ReadAsync(K2hr3Client k2hr3, string tenant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(k2hr3);
        return new K2hr3Contents(
            tenant,
            await EachAsync(k2hr3, ListKind.Resource, (name, token) => k2hr3.Resources.GetAsync(name, expand: false, token),
                cancellationToken).ConfigureAwait(false),
            await EachAsync(k2hr3, ListKind.Policy, k2hr3.Policies.GetAsync, cancellationToken).ConfigureAwait(false),
            await EachAsync(k2hr3, ListKind.Role, (name, token) => RoleAsync(k2hr3, name, token), cancellationToken).ConfigureAwait(false));
    }

    /// <summary>
    /// The part of it that belongs to branches: their resources and roles, and the policies that bear their names or that those roles have.
    /// </summary>
    /// <param name="branches">Bare names; none for all.</param>
    public K2hr3Contents Within(IReadOnlyCollection<string> branches)
    {
        ArgumentNullException.ThrowIfNull(branches);
        if (branches.Count == 0) return this;
        var roles = Roles.Where(r => Holds(branches, r.Key)).ToDictionary();
        var used = roles.Values.SelectMany(r => r.Policies).Select(Yrn.NameOf).ToHashSet(StringComparer.Ordinal);
        return new K2hr3Contents(
            Tenant, Resources.Where(r => Holds(branches, r.Key)).ToDictionary(),
            Policies.Where(p => Holds(branches, p.Key) || used.Contains(p.Key)).ToDictionary(), roles);
    }

    // K2HR3 shows a role that only has others below it as one with nothing in it. Its tokens tell: there is no list for what is no role.
    private static async Task<Role> RoleAsync(K2hr3Client k2hr3, string name, CancellationToken cancellationToken)
    {
        var role = await k2hr3.Roles.GetAsync(name, cancellationToken).ConfigureAwait(false);
        if (role is { Policies: [], Aliases: [], Hosts: [] })
            await k2hr3.RoleTokens.ListAsync(name, cancellationToken).ConfigureAwait(false);
        return role;
    }

    private static bool Holds(IReadOnlyCollection<string> branches, string name) =>
        branches.Any(b => name.Equals(b, StringComparison.OrdinalIgnoreCase)
            || name.StartsWith(b + "/", StringComparison.OrdinalIgnoreCase));

    private static async Task<IReadOnlyDictionary<string, T>> EachAsync<T>(
        K2hr3Client k2hr3, ListKind kind, Func<string, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var found = new ConcurrentDictionary<string, T>(StringComparer.Ordinal);
        var names = await NameTrees.AllAsync(k2hr3, kind, cancellationToken).ConfigureAwait(false);
        await Parallel.ForEachAsync(names, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (name, token) =>
            {
                try
                {
                    found[name] = await read(name, token).ConfigureAwait(false);
                }
                catch (DbaasException e) when (e.Kind == ErrorKind.NotFound)
                {
                    // A branch with no object of its own, or removed meanwhile.
                }
            }).ConfigureAwait(false);
        return new SortedDictionary<string, T>(found, StringComparer.Ordinal);
    }
}
