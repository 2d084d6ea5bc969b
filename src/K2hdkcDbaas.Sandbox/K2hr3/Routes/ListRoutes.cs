using K2hdkcDbaas.Sandbox.K2hr3.Http;
using K2hdkcDbaas.Sandbox.K2hr3.Store;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Sandbox.K2hr3.Routes;

/// <summary>/v1/list: the names below a tenant or below a thing of it.</summary>
internal sealed class ListRoutes(K2hr3Gate gate, K2hr3Store store, ServiceStore services)
{
    private static readonly string[] Kinds = ["role", "resource", "policy", "service"];

    public K2hr3Reply Answer(K2hr3Request request)
    {
        if (request.Method is not ("GET" or "HEAD"))
        {
            throw new K2hr3Refusal(404, "Internal server error");
        }

        try
        {
            return List(request, gate.ScopedUser(request).Tenant!);
        }
        catch (K2hr3Refusal refusal) when (!request.IsOld)
        {
            throw new K2hr3Refusal(refusal.Status, refusal.Text, "status");
        }
    }

    private K2hr3Reply List(K2hr3Request request, string tenant)
    {
        var parts = request.Path.StartsWith("/v1/list/", StringComparison.Ordinal) ? request.Path["/v1/list/".Length..].Split('/') : [""];
        if (parts[0].Length == 0)
        {
            throw new K2hr3Refusal(400, "GET/HEAD request url does not have list type{role, resource, policy}");
        }

        var service = "";
        if (Kind(parts[0]) is null && parts.Length > 1 && parts[1].Length > 0)
        {
            service = parts[0].ToLowerInvariant();
            parts = parts[1..];
            if (Kind(parts[0]) is null or "service")
            {
                throw new K2hr3Refusal(400,
                    "GET/HEAD request url has wrong list type, it must be \"service/role\" or \"service/resource\" or \"service/policy\"");
            }
        }

        var kind = Kind(parts[0])
            ?? throw new K2hr3Refusal(400,
                "GET/HEAD request url has wrong list type, it must be \"role\" or \"resource\" or \"policy\" or \"service\"");
        var expand = Parameters.ReadExpand(request, usual: false, "GET/HEAD");
        var children = kind == "service"
            ? Services(tenant)
            : Things(Enum.Parse<YrnKind>(kind, ignoreCase: true), tenant, service, string.Join('/', parts[1..]), expand);
        return request.Method == "HEAD" ? K2hr3Reply.Done : K2hr3Reply.Read("children", children);
    }

    private static string? Kind(string text) =>
        Kinds.FirstOrDefault(kind => kind.Equals(text, StringComparison.OrdinalIgnoreCase));

    private List<object?> Things(YrnKind kind, string tenant, string service, string path, bool expand)
    {
        IEnumerable<string> names = kind switch
        {
            YrnKind.Role => store.Roles.Where(role => role.Value.Id is not null || HasMadeRoleBelow(role.Key)).Select(role => role.Key),
            YrnKind.Resource => store.Resources.Where(resource => resource.Value.IsListed).Select(resource => resource.Key),
            _ => store.Policies.Keys,
        };
        var top = path.Length == 0 ? Yrn.Top(tenant, kind, service) + ":" : Yrn.Of(tenant, kind, path, service) + "/";
        return Below([.. names.Where(name => name.StartsWith(top, StringComparison.Ordinal)).Select(name => name[top.Length..])], expand);
    }

    private bool HasMadeRoleBelow(string full)
        => store.Roles.Any(role => role.Value.Id is not null && role.Key.StartsWith(full + "/", StringComparison.Ordinal));

    private static List<object?> Below(List<string> names, bool expand)
    {
        var children = new List<object?>();
        foreach (var group in names.GroupBy(name => name.Split('/')[0]).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var deeper = group.Where(name => name.Length > group.Key.Length).Select(name => name[(group.Key.Length + 1)..]).ToList();
            children.Add(new TemplateMap { ["name"] = group.Key, ["children"] = expand ? Below(deeper, true) : [] });
        }

        return children;
    }

    private List<object?> Services(string tenant)
    {
        var found = new List<object?>();
        foreach (var (name, service) in services.SeenBy(tenant))
        {
            var entry = new TemplateMap { ["name"] = name, ["children"] = new List<object?>() };
            if (service.Owner == tenant)
            {
                entry["owner"] = true;
            }

            found.Add(entry);
        }

        return found;
    }
}
