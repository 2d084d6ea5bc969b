using System.Diagnostics.CodeAnalysis;

namespace K2hdkcDbaas.Templates;

/// <summary>
/// A variable that K2HR3 looks up before a template runs (k2hr3_api src/lib/k2hr3template.ts): <c>%yrn:yahoo:::demo:role:web/hosts/ip%</c>.
/// </summary>
/// <param name="Target">The resource or role.</param>
/// <param name="Kind">What of it.</param>
public sealed record TemplateLookup(Yrn Target, TemplateLookupKind Kind)
{
    private static readonly (string Suffix, TemplateLookupKind Kind)[] Hosts =
    [
        ("/hosts/name", TemplateLookupKind.NamedHosts),
        ("/hosts/ip", TemplateLookupKind.AddressHosts),
        ("/hosts/all", TemplateLookupKind.AllHosts),
    ];

    /// <summary>Whether it wants hosts that are known by address.</summary>
    public bool WantsAddresses => Kind is TemplateLookupKind.AddressHosts or TemplateLookupKind.AllHosts;

    /// <summary>Whether it wants hosts that are known by name.</summary>
    public bool WantsNames => Kind is TemplateLookupKind.NamedHosts or TemplateLookupKind.AllHosts;

    /// <summary>Reads a variable's name.</summary>
    /// <param name="variable">The name, without per cent signs.</param>
    /// <param name="lookup">What it stands for.</param>
    /// <returns>False for an ordinary variable.</returns>
    public static bool TryParse(string variable, [NotNullWhen(true)] out TemplateLookup? lookup)
    {
        lookup = null;
        if (Yrn.TryParse(variable, YrnKind.Resource, out var resource))
        {
            var split = resource.Name.LastIndexOf("/keys/", StringComparison.Ordinal);
            if (split > 0)
            {
                lookup = new TemplateLookup(resource with { Name = resource.Name[..split] }, TemplateLookupKind.ResourceKey);
            }
            else if (resource.Name.AsSpan().IndexOfAny(" \t\r\n:") < 0)
            {
                lookup = new TemplateLookup(resource, TemplateLookupKind.Resource);
            }
        }
        else if (Yrn.TryParse(variable, YrnKind.Role, out var role))
        {
            foreach (var (suffix, kind) in Hosts)
            {
                var at = role.Name.LastIndexOf(suffix, StringComparison.Ordinal);
                if (at > 0)
                {
                    lookup = new TemplateLookup(role with { Name = role.Name[..at] }, kind);
                    break;
                }
            }
        }

        return lookup is not null;
    }
}
