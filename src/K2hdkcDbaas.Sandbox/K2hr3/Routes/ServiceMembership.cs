using K2hdkcDbaas.Sandbox.K2hr3.Http;
using K2hdkcDbaas.Sandbox.K2hr3.Store;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Sandbox.K2hr3.Routes;

/// <summary>
/// What a tenant gets by taking a service up: the service's resources, a policy to read them, and a role that has the policy.
/// </summary>
internal sealed class ServiceMembership(K2hr3Store store, ResourceStore resources, PolicyStore policies, RoleStore roles,
    TimeProvider clock, K2hr3Version version)
{
    private const string PolicyName = "acr-policy";
    private const string RoleName = "acr-role";

    /// <summary>Full name of the policy that opens the resources of a service to a tenant.</summary>
    public static string Policy(string service, string tenant) => Yrn.Of(tenant, YrnKind.Policy, PolicyName, service);

    /// <summary>Makes the resources that were offered, with policy and role; false when none of them is usable.</summary>
    /// <param name="service">The service.</param>
    /// <param name="tenant">The tenant that takes it up. What it had before stays.</param>
    /// <param name="offered">One resource or a list of them.</param>
    public bool Join(string service, string tenant, object? offered)
    {
        var made = new List<string>();
        var (life, keys) = ((double?)null, (TemplateMap?)[]);
        foreach (var item in offered as List<object?> ?? [offered])
        {
            // The older release forgets to clear the expiry of the resource before.
            life = version == K2hr3Version.V1 ? life : null;
            if (item is TemplateMap map
                && map.Get("name") is string { Length: > 0 } name
                && TryReadLife(map.Get("expire"), ref life)
                && TryReadContent(map.Get("type"), map.Get("data"), out var type, out var data)
                && TryReadKeys(map.Get("keys"), ref keys))
            {
                var full = Yrn.Of(tenant, YrnKind.Resource, name, service);
                resources.Set(full, new ResourceChange(type, data, keys is null ? null : TemplateJson.Copy(keys), null));
                if (life is { } seconds)
                {
                    resources.SetExpiry(full, clock.GetUtcNow().AddSeconds(Math.Min(seconds, 3e9)));
                }

                made.Add(full);
            }
        }

        if (made.Count == 0)
        {
            return false;
        }

        policies.Set(tenant, PolicyName, new PolicyChange(true, [Yrn.Read], made, null), service);
        roles.Set(Yrn.Of(tenant, YrnKind.Role, RoleName, service), [Policy(service, tenant)], null);
        return true;
    }

    /// <summary>
    /// Removes what <see cref="Join"/> made, but for resources with a slash in their names: the real service leaves those.
    /// </summary>
    public void Leave(string service, string tenant)
    {
        roles.Remove(Yrn.Of(tenant, YrnKind.Role, RoleName, service));
        policies.Remove(Policy(service, tenant));
        foreach (var resource in Resources(service, tenant))
        {
            resources.Remove(resource.ToString());
        }
    }

    /// <summary>The resources that a tenant has of a service, without those below others.</summary>
    public List<Yrn> Resources(string service, string tenant)
    {
        var top = Yrn.Top(tenant, YrnKind.Resource, service) + ":";
        return
        [
            .. store.Resources.Keys
                .Where(name => name.StartsWith(top, StringComparison.Ordinal) && !name.AsSpan(top.Length).Contains('/'))
                .Select(name => new Yrn(service, tenant, YrnKind.Resource, name[top.Length..])),
        ];
    }

    private static bool TryReadLife(object? given, ref double? life)
    {
        if (given is null)
        {
            return true;
        }

        var seconds = given switch
        {
            double number => number,
            string text => TemplateValues.Number(text),
            _ => double.NaN,
        };
        life = seconds > 0 ? seconds : life;
        return !double.IsNaN(seconds);
    }

    private static bool TryReadContent(object? given, object? content, out string type, out object? data)
    {
        type = given is string { Length: > 0 } text ? text.ToLowerInvariant() : "string";
        data = content ?? (type == "string" ? "" : null);
        return type switch
        {
            "string" => content is null or string { Length: > 0 },
            "object" => content is not string { Length: > 0 },
            _ => false,
        };
    }

    private bool TryReadKeys(object? given, ref TemplateMap? keys)
    {
        var isOld = version == K2hr3Version.V1;
        switch (given)
        {
            case null:
                keys = isOld ? null : [];
                return true;
            case TemplateMap map:
                keys = map;
                return true;
            case string text:
                keys = TemplateJson.TryParse(text, out var parsed) && parsed is TemplateMap read ? read : null;
                return keys is not null;
            case List<object?> list when isOld:
                keys = [];
                for (var at = 0; at < list.Count; at++)
                {
                    keys[TemplateValues.Text(at)] = list[at];
                }

                return true;
            default:
                // The newer release takes those of the resource before.
                return !isOld;
        }
    }
}
