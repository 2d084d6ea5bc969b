using System.Net;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Core.Registry;

/// <summary>
/// What names a thing in K2HR3 and so is in the way of its removal (k2hr3_api src/lib/k2hr3dkc.ts counts these): resources are held by
/// policies and by aliases of resources, policies by aliases of policies. Roles hold nothing.
/// </summary>
public static class ContentsUse
{
    /// <summary>What names a resource or a policy, as kind and bare name, such as <c>policy readers</c>.</summary>
    /// <param name="contents">What the tenant holds.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="name">Its bare name.</param>
    public static IReadOnlyList<string> Of(K2hr3Contents contents, ListKind kind, string name)
    {
        ArgumentNullException.ThrowIfNull(contents);
        return kind switch
        {
            ListKind.Resource =>
            [
                .. Named(contents.Policies, "policy", p => p.Resources, Yrn.Of(contents.Tenant, YrnKind.Resource, name)),
                .. Named(contents.Resources, "resource", r => r.Aliases, Yrn.Of(contents.Tenant, YrnKind.Resource, name)),
            ],
            ListKind.Policy => [.. Named(contents.Policies, "policy", p => p.Aliases, Yrn.Of(contents.Tenant, YrnKind.Policy, name))],
            _ => [],
        };
    }

    /// <summary>Removes a thing; where K2HR3 refuses, it is asked for everything to say what is in the way.</summary>
    /// <param name="k2hr3">The session.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="name">Its bare name, of something that is there.</param>
    /// <param name="remove">The removal.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <exception cref="DbaasException"><c>K2hr3InUse</c>, with what is in the way; else the refusal as it was.</exception>
    public static async Task RemoveAsync(K2hr3Client k2hr3, ListKind kind, string name, Func<CancellationToken, Task> remove,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(k2hr3);
        ArgumentNullException.ThrowIfNull(remove);
        try
        {
            await remove(cancellationToken).ConfigureAwait(false);
        }
        // k2hr3_api 1.0.42 says 403 to both; 2.0.3 says 404 to a resource.
        catch (ServiceException e) when (kind is ListKind.Resource or ListKind.Policy
            && e.Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
        {
            var me = await k2hr3.WhoAmIAsync(cancellationToken).ConfigureAwait(false);
            if (me.Tenants is not [var tenant, ..]) throw;
            var contents = await K2hr3Contents.ReadAsync(k2hr3, tenant.Name, cancellationToken).ConfigureAwait(false);
            if (Of(contents, kind, name) is not [_, ..] users) throw;
            throw e.Rename(ErrorIds.K2hr3InUse, ErrorKind.Conflict,
                $"K2HR3 keeps the {ILists.Word(kind)} '{name}', since others name it: {string.Join(", ", users)}.",
                "Take it out of them first, or remove them.", name);
        }
    }

    private static IEnumerable<string> Named<T>(IReadOnlyDictionary<string, T> things, string word,
        Func<T, IReadOnlyList<string>?> names, string wanted) =>
        things.Where(t => (names(t.Value) ?? []).Contains(wanted)).Select(t => $"{word} {t.Key}").Order(StringComparer.Ordinal);
}
