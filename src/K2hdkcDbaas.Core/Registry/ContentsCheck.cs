using System.Buffers;
using System.Globalization;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Core.Registry;

/// <summary>Looks through a tenant for what does not work or is not safe.</summary>
public sealed class ContentsCheck
{
    // K2HR3 makes about ten years of "no end".
    private static readonly TimeSpan Endless = TimeSpan.FromDays(5 * 365);

    private static readonly SearchValues<char> PatternCharacters = SearchValues.Create("*?[]()|^$\\");

    private readonly List<Finding> _findings = [];
    private readonly K2hr3Contents _contents;

    private ContentsCheck(K2hr3Contents contents) => _contents = contents;

    /// <summary>Checks a tenant.</summary>
    /// <param name="contents">What it holds.</param>
    /// <param name="tokens">The tokens of its roles, by bare role name.</param>
    /// <param name="now">The time.</param>
    public static IReadOnlyList<Finding> Run(K2hr3Contents contents, IReadOnlyDictionary<string, IReadOnlyList<RoleToken>> tokens,
        DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(contents);
        ArgumentNullException.ThrowIfNull(tokens);
        var check = new ContentsCheck(contents);
        foreach (var (name, resource) in contents.Resources) check.LookAtResource(name, resource);
        foreach (var (name, policy) in contents.Policies) check.LookAtPolicy(name, policy);
        foreach (var (name, role) in contents.Roles) check.LookAtRole(name, role, tokens.GetValueOrDefault(name) ?? [], now);
        return [.. check._findings.OrderByDescending(f => f.Severity).ThenBy(f => f.Target, StringComparer.Ordinal)];
    }

    private void LookAtResource(string name, Resource resource)
    {
        var target = Full(YrnKind.Resource, name);
        if (!string.IsNullOrEmpty(resource.Text))
        {
            foreach (var version in Enum.GetValues<K2hr3Version>())
            {
                try
                {
                    K2hr3Template.Load(resource.Text, version);
                }
                catch (TemplateException e)
                {
                    var release = version == K2hr3Version.V1 ? "1.0.42" : "2.0.3";
                    Add(FindingSeverity.Error, "TemplateInvalid", target,
                        $"Its text cannot be read as a template by k2hr3_api {release}: {e.Message}",
                        "Mend the text; until then whoever reads the resource gets an error.");
                    break;
                }
            }
        }

        foreach (var alias in resource.Aliases ?? []) LookAtLink(target, alias, YrnKind.Resource, "an alias");
        if (!_contents.Policies.Values.Any(p => (p.Resources ?? []).Contains(target))
            && !_contents.Resources.Keys.Any(r => r.StartsWith(name + "/", StringComparison.Ordinal))
            && !_contents.Resources.Values.Any(r => (r.Aliases ?? []).Contains(target)))
            Add(FindingSeverity.Information, "ResourceUnused", target, "No policy names it, so no host can read it.",
                "Name it in a policy, or remove it.");
    }

    private void LookAtPolicy(string name, Policy policy)
    {
        var target = Full(YrnKind.Policy, name);
        foreach (var resource in policy.Resources ?? []) LookAtLink(target, resource, YrnKind.Resource, "a resource");
        foreach (var alias in policy.Aliases ?? []) LookAtLink(target, alias, YrnKind.Policy, "an alias");
        if ((policy.Actions ?? []).Count == 0 && (policy.Aliases ?? []).Count == 0)
            Add(FindingSeverity.Warning, "PolicyEmpty", target, "It names no action, so it allows and denies nothing.",
                "Give it the actions read or write.");
        if (!_contents.Roles.Values.Any(r => r.Policies.Contains(target))
            && !_contents.Policies.Values.Any(p => (p.Aliases ?? []).Contains(target)))
            Add(FindingSeverity.Information, "PolicyUnused", target, "No role has it.", "Give it to a role, or remove it.");
    }

    private void LookAtRole(string name, Role role, IReadOnlyList<RoleToken> tokens, DateTimeOffset now)
    {
        var target = Full(YrnKind.Role, name);
        foreach (var policy in role.Policies) LookAtLink(target, policy, YrnKind.Policy, "a policy");
        foreach (var alias in role.Aliases) LookAtLink(target, alias, YrnKind.Role, "an alias");
        var endless = tokens.Count(t => t.Expires is { } end && end - now > Endless);
        if (endless > 0)
        {
            Add(FindingSeverity.Warning, "TokenWithoutEnd",
                target, string.Create(CultureInfo.InvariantCulture,
                    $"{endless} of its tokens never expire (K2HR3 ends them after about ten years)."),
                "Make tokens with -Lifetime, and remove those that no machine needs any more.");
        }

        foreach (var host in role.Hosts.Where(h => h.Host.AsSpan().ContainsAny(PatternCharacters) && !h.IsAddress))
            Add(FindingSeverity.Warning, "HostWithWildcard", target,
                $"The host '{host.Host}' is a pattern, and K2HR3 compares hosts letter by letter.", "Register the hosts one by one.");
        var anyPort = role.Hosts.Count(h => h.Port == 0 && h.Cuk.Length == 0);
        if (anyPort > 0)
        {
            Add(FindingSeverity.Information, "HostAnyPort",
                target, string.Create(CultureInfo.InvariantCulture,
                    $"{anyPort} of its hosts have neither port nor cuk: any process there that can call K2HR3 is a member."),
                "Register such hosts with a cuk or a port.");
        }

        var below = name + "/";
        var isUsed = role.Hosts.Count > 0 || tokens.Count > 0
            || _contents.Roles.Any(r => r.Key.StartsWith(below, StringComparison.Ordinal) || r.Value.Aliases.Contains(target));
        if (!isUsed)
            Add(FindingSeverity.Information, "RoleUnused", target, "It has no host and no token, and no role takes from it.",
                "Add hosts or make a token, or remove it.");
    }

    private void LookAtLink(string target, string named, YrnKind kind, string what)
    {
        if (!Yrn.TryParse(named, kind, out var yrn))
            Add(FindingSeverity.Error, "NameInvalid", target,
                $"It names {what} '{named}', which is not the full name of a {Yrn.Word(kind)}.", "Mend the name.");
        else if (yrn.Tenant == _contents.Tenant && yrn.Service.Length == 0 && !Exists(yrn))
            Add(FindingSeverity.Warning, "NameMissing", target, $"It names {what} that is not there: {named}.",
                "Make it, or take the name out.");
        else if (named == target)
            Add(FindingSeverity.Warning, "AliasOfItself", target, "It is an alias of itself.", "Take the alias out.");
    }

    private bool Exists(Yrn yrn) => yrn.Kind switch
    {
        YrnKind.Role => _contents.Roles.ContainsKey(yrn.Name),
        YrnKind.Policy => _contents.Policies.ContainsKey(yrn.Name),
        _ => _contents.Resources.ContainsKey(yrn.Name),
    };

    private string Full(YrnKind kind, string name) => Yrn.Of(_contents.Tenant, kind, name);

    private void Add(FindingSeverity severity, string check, string target, string message, string nextStep) =>
        _findings.Add(new Finding(severity, check, target, message, nextStep));
}
