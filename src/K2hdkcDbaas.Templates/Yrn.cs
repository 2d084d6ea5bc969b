using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace K2hdkcDbaas.Templates;

/// <summary>
/// A full name in K2HR3: <c>yrn:yahoo:SERVICE::TENANT:KIND:NAME</c> (k2hr3_api src/lib/k2hr3keys.ts). K2HR3 keeps names in lower case and
/// compares them letter by letter; <see cref="TryResolve"/> and <see cref="Make"/> lower what a person writes, parsing leaves it as it is.
/// </summary>
/// <param name="Service">Name of the service that lends it, empty for ordinary things.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="Kind">What it names.</param>
/// <param name="Name">Path within the tenant, parts separated by slashes.</param>
public sealed partial record Yrn(string Service, string Tenant, YrnKind Kind, string Name) : IComparable<Yrn>, IComparable
{
    /// <summary>What every full name starts with.</summary>
    public const string Prefix = "yrn:yahoo:";

    /// <summary>The action of reading.</summary>
    public const string Read = "yrn:yahoo::::action:read";

    /// <summary>The action of writing.</summary>
    public const string Write = "yrn:yahoo::::action:write";

    [GeneratedRegex("^yrn:yahoo:(?<service>.*)::(?<tenant>.*):(?<kind>role|resource|policy):(?<name>.*)", RegexOptions.CultureInvariant)]
    private static partial Regex Form { get; }

    /// <summary>What it is a child of; null at the top.</summary>
    public Yrn? Above => Parent(Name) is { } parent ? this with { Name = parent } : null;

    /// <summary>The full name of a role, in lower case.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="name">The role, such as <c>mycluster/server</c>.</param>
    public static string Role(string tenant, string name) => Make(tenant, YrnKind.Role, name).ToString();

    /// <summary>The full name of a policy, in lower case.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="name">The policy.</param>
    public static string Policy(string tenant, string name) => Make(tenant, YrnKind.Policy, name).ToString();

    /// <summary>The full name of a resource, in lower case.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="name">The resource.</param>
    public static string Resource(string tenant, string name) => Make(tenant, YrnKind.Resource, name).ToString();

    /// <summary>A full name, in lower case.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="kind">What it names.</param>
    /// <param name="name">The bare name.</param>
    /// <param name="service">The service that lends it, empty for ordinary things.</param>
    public static Yrn Make(string tenant, YrnKind kind, string name, string service = "")
    {
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(service);
        return new Yrn(Lower(service), Lower(tenant), kind, Lower(name));
    }

    /// <summary>The kind as full names say it.</summary>
    /// <param name="kind">The kind.</param>
    public static string Word(YrnKind kind) => kind switch
    {
        YrnKind.Role => "role",
        YrnKind.Resource => "resource",
        _ => "policy",
    };

    /// <summary>Whether a name claims to be a full one.</summary>
    /// <param name="name">A name as a person wrote it.</param>
    public static bool IsFull([NotNullWhen(true)] string? name) =>
        name is not null && name.StartsWith("yrn:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Takes a full name apart.</summary>
    /// <param name="text">The full name.</param>
    /// <param name="yrn">Its parts.</param>
    /// <returns>False for what is none.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Yrn? yrn)
    {
        var match = Form.Match(text ?? "");
        yrn = match.Success
            ? new Yrn(match.Groups["service"].Value, match.Groups["tenant"].Value, KindOf(match.Groups["kind"].Value),
                match.Groups["name"].Value)
            : null;
        return yrn is not null;
    }

    /// <summary>Takes a full name of the given kind apart.</summary>
    /// <param name="text">The full name.</param>
    /// <param name="kind">What it must name.</param>
    /// <param name="yrn">Its parts.</param>
    /// <returns>False for what is none.</returns>
    public static bool TryParse(string? text, YrnKind kind, [NotNullWhen(true)] out Yrn? yrn)
    {
        if (TryParse(text, out yrn) && yrn.Kind == kind)
        {
            return true;
        }

        yrn = null;
        return false;
    }

    /// <summary>Takes a full name apart.</summary>
    /// <param name="text">The full name.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static Yrn Parse(string text)
        => TryParse(text, out var yrn)
            ? yrn
            : throw new FormatException(
                $"'{text}' is not a full name; write it as yrn:yahoo:SERVICE::TENANT:KIND:NAME with the kind role, resource or policy.");

    /// <summary>
    /// What a person means by a name: a bare one stands in the session's tenant, a full one must be of that tenant, of no service and of
    /// the right kind, since K2HR3 takes other full names for bare ones or refuses them without a reason.
    /// </summary>
    /// <param name="text">The name, bare or full.</param>
    /// <param name="kind">What it must name.</param>
    /// <param name="tenant">The session's tenant.</param>
    /// <param name="yrn">The full name, in lower case.</param>
    /// <param name="reason">Why it is refused.</param>
    /// <returns>False when it is refused.</returns>
    public static bool TryResolve(string text, YrnKind kind, string tenant, [NotNullWhen(true)] out Yrn? yrn,
        [NotNullWhen(false)] out string? reason)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(tenant);
        yrn = null;
        reason = null;
        if (!IsFull(text))
        {
            yrn = Make(tenant, kind, text);
            reason = text.Trim('/').Length == 0 ? $"'{text}' is not a name." : null;
        }
        else if (!TryParse(Lower(text), out yrn) || yrn.Name.Length == 0)
        {
            reason = $"'{text}' is not a full name; write it as yrn:yahoo:SERVICE::TENANT:KIND:NAME with the kind role, resource or policy.";
        }
        else if (yrn.Kind != kind)
        {
            reason = $"'{text}' names a {Word(yrn.Kind)}, not a {Word(kind)}.";
        }
        else if (yrn.Tenant != Lower(tenant))
        {
            reason = $"'{text}' is of the tenant '{yrn.Tenant}', and the session is in '{tenant}'.";
        }
        else if (yrn.Service.Length > 0)
        {
            reason = $"'{text}' is of the service '{yrn.Service}', whose things only the service itself keeps.";
        }

        if (reason is not null)
        {
            yrn = null;
        }

        return yrn is not null;
    }

    /// <summary>
    /// The name behind the kind: <c>mycluster/server</c> of <c>yrn:yahoo:::demo:role:mycluster/server</c>; what is no full name stays as it
    /// is.
    /// </summary>
    /// <param name="text">A full or bare name.</param>
    public static string NameOf(string text) => TryParse(text, out var yrn) ? yrn.Name : text;

    /// <summary>The tenant of a full name; null for what is none.</summary>
    /// <param name="text">A full name.</param>
    public static string? TenantOf(string text) => TryParse(text, out var yrn) && yrn.Tenant.Length > 0 ? yrn.Tenant : null;

    /// <summary>What stands before all names of a kind in a tenant.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="service">The service, empty for ordinary things.</param>
    public static string Top(string tenant, YrnKind kind, string service = "") => $"{Prefix}{service}::{tenant}:{Word(kind)}";

    /// <summary>Full name of a thing of a tenant, as it is written.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="name">The bare name.</param>
    /// <param name="service">The service, empty for ordinary things.</param>
    public static string Of(string tenant, YrnKind kind, string name, string service = "") => $"{Top(tenant, kind, service)}:{name}";

    /// <summary>Name of what is above in the path, of a full name or a bare one; null at the top.</summary>
    /// <param name="name">The name.</param>
    public static string? Parent(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var slash = name.TrimEnd('/').LastIndexOf('/');
        var parent = slash < 0 ? "" : name[..slash].TrimEnd('/');
        return parent.Length == 0 ? null : parent;
    }

    /// <summary>What a name that a person has begun can become: full names once a full one is begun, else bare ones.</summary>
    /// <param name="begun">What is written so far.</param>
    /// <param name="kind">What is wanted.</param>
    /// <param name="tenant">The session's tenant.</param>
    /// <param name="names">The bare names that there are.</param>
    public static IEnumerable<string> Complete(string begun, YrnKind kind, string tenant, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(begun);
        ArgumentNullException.ThrowIfNull(names);
        var full = IsFull(begun);
        return names.Select(name => full ? Of(Lower(tenant), kind, name) : name)
            .Where(name => name.StartsWith(begun, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public int CompareTo(Yrn? other) => string.CompareOrdinal(ToString(), other?.ToString());

    /// <inheritdoc/>
    public int CompareTo(object? obj) =>
        obj is null or Yrn ? CompareTo((Yrn?)obj) : throw new ArgumentException("Only full names can be compared.", nameof(obj));

    /// <summary>Whether one comes before the other.</summary>
    public static bool operator <(Yrn? left, Yrn? right) => Comparer<Yrn?>.Default.Compare(left, right) < 0;

    /// <summary>Whether one comes before the other or is the same.</summary>
    public static bool operator <=(Yrn? left, Yrn? right) => Comparer<Yrn?>.Default.Compare(left, right) <= 0;

    /// <summary>Whether one comes behind the other.</summary>
    public static bool operator >(Yrn? left, Yrn? right) => Comparer<Yrn?>.Default.Compare(left, right) > 0;

    /// <summary>Whether one comes behind the other or is the same.</summary>
    public static bool operator >=(Yrn? left, Yrn? right) => Comparer<Yrn?>.Default.Compare(left, right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => Of(Tenant, Kind, Name, Service);

    private static YrnKind KindOf(string word) => word switch
    {
        "role" => YrnKind.Role,
        "resource" => YrnKind.Resource,
        _ => YrnKind.Policy,
    };

#pragma warning disable CA1308 // lower case is K2HR3's own normal form
    private static string Lower(string text) => text.ToLowerInvariant();
#pragma warning restore CA1308
}
