using System.Management.Automation;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Base;

/// <summary>A cmdlet that gets things of one kind from K2HR3.</summary>
public abstract class GetK2hr3Cmdlet : SessionCmdlet
{
    private protected abstract ListKind Kind { get; }

    /// <summary>The service whose things are meant that the tenant has taken up; null for the tenant's own.</summary>
    private protected virtual string? OfService => null;

    /// <summary>Reads a thing.</summary>
    /// <param name="k2hr3">The session.</param>
    /// <param name="name">Its bare name.</param>
    /// <param name="address">The name to ask K2HR3 for: the full one for what a service lends.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    private protected abstract Task<object> ReadAsync(K2hr3Client k2hr3, string name, string address, CancellationToken cancellationToken);

    /// <summary>Reads what the names and patterns mean, and writes it.</summary>
    private protected void Find(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            RunK2hr3(name, async (k2hr3, output, token) =>
            {
                await K2hr3Names.DemandOwnAsync(k2hr3, Kind, name, token).ConfigureAwait(false);
                var service = OfService is { } given ? K2hr3Names.Normal(given) : null;
                var tenant = service is null ? "" : await K2hr3Names.TenantAsync(k2hr3, token).ConfigureAwait(false);
                var all = service is null
                    ? await NameTrees.AllAsync(k2hr3, Kind, token).ConfigureAwait(false)
                    : [.. NameTrees.Flat(await k2hr3.Lists.GetOfServiceAsync(Kind, service, token).ConfigureAwait(false))];
                var wild = WildcardPattern.ContainsWildcardCharacters(name);
                var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
                var found = all.Where(n => wild ? pattern.IsMatch(n) : n == K2hr3Names.Normal(name)).ToArray();
                if (found.Length == 0 && !wild) throw K2hr3Names.NotFound(Kind, name);
                foreach (var one in found)
                {
                    try
                    {
                        var address = service is null ? one : Yrn.Of(tenant, Enum.Parse<YrnKind>(Kind.ToString()), one, service);
                        await output.WriteAsync(await ReadAsync(k2hr3, one, address, token).ConfigureAwait(false),
                            token).ConfigureAwait(false);
                    }
                    catch (DbaasException fault) when (wild && fault.Kind == ErrorKind.NotFound)
                    {
                        // One of many that is gone meanwhile, or only groups others, does not end the rest.
                        output.Verbose(fault.Message);
                    }
                }
            });
        }
    }
}
