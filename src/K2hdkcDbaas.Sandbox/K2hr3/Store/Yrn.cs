using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace K2hdkcDbaas.Sandbox.K2hr3.Store;

/// <summary>K2HR3's own resource names: yrn:yahoo:SERVICE::TENANT:KIND:NAME, with an empty service for ordinary things.</summary>
/// <param name="Service">Name of the service, empty for none.</param>
/// <param name="Tenant">Tenant, lower case.</param>
/// <param name="Kind">role, resource or policy.</param>
/// <param name="Name">Path within the tenant, parts separated by slashes.</param>
internal sealed partial record Yrn(string Service, string Tenant, string Kind, string Name)
{
    public const string Role = "role";
    public const string Resource = "resource";
    public const string Policy = "policy";

    /// <summary>What every full name starts with.</summary>
    public const string Prefix = "yrn:yahoo:";

    public const string Read = "yrn:yahoo::::action:read";
    public const string Write = "yrn:yahoo::::action:write";

    [GeneratedRegex("^yrn:yahoo:(?<service>.*)::(?<tenant>.*):(?<kind>role|resource|policy):(?<name>.*)", RegexOptions.CultureInvariant)]
    private static partial Regex Form { get; }

    /// <summary>Whether a name claims to be a full one.</summary>
    public static bool IsFull(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Takes a full name of the given kind apart.</summary>
    public static bool TryParse(string? text, string kind, [NotNullWhen(true)] out Yrn? yrn)
    {
        yrn = null;
        var match = Form.Match(text ?? "");
        if (match.Success && match.Groups["kind"].Value == kind)
        {
            yrn = new Yrn(match.Groups["service"].Value, match.Groups["tenant"].Value, kind, match.Groups["name"].Value);
        }

        return yrn is not null;
    }

    /// <summary>What stands before all names of a kind in a tenant.</summary>
    public static string Top(string tenant, string kind, string service = "") => $"{Prefix}{service}::{tenant}:{kind}";

    /// <summary>Full name of a thing of a tenant.</summary>
    public static string Of(string tenant, string kind, string name, string service = "") => $"{Top(tenant, kind, service)}:{name}";

    /// <summary>Name of what is above in the path; null at the top.</summary>
    public static string? Parent(string full)
    {
        var slash = full.TrimEnd('/').LastIndexOf('/');
        var parent = slash < 0 ? "" : full[..slash].TrimEnd('/');
        return parent.Length == 0 ? null : parent;
    }

    /// <inheritdoc/>
    public override string ToString() => Of(Tenant, Kind, Name, Service);
}
