using K2hdkcDbaas.Sandbox.K2hr3.Http;
using K2hdkcDbaas.Sandbox.K2hr3.Store;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Sandbox.K2hr3.Routes;

/// <summary>/v1/resource: users with a token, roles with a token, and hosts known by their address.</summary>
internal sealed class ResourceRoutes(K2hr3Gate gate, ResourceStore resources, RoleStore roles, PolicyStore policies,
    ResourceExpansion expansion)
{
    public K2hr3Reply Answer(K2hr3Request request) => request.Method switch
    {
        "POST" =>
            Write(request, request.Body.Get("resource") as TemplateMap
                ?? throw new K2hr3Refusal(400, "POST body does not have resource data")),
        "PUT" => Write(request, null),
        "GET" => Get(request),
        "HEAD" => Check(request),
        "DELETE" => Delete(request),
        _ => throw new K2hr3Refusal(404, "Internal server error"),
    };

    private K2hr3Reply Write(K2hr3Request request, TemplateMap? body)
    {
        object? Option(string name) => body is null ? (request.HasQuery(name) ? request.Query(name) ?? "" : null) : body.Get(name);

        var (caller, resource) = Target(request, takesService: false, Option("name"));
        RequireOwnTenant(caller, resource);
        var type = Type(request, Option("type"));
        var data = Data(type, Option("data"), body is null);
        var keys = Keys(request, Option("keys"));
        if (!caller.IsUser && Option("alias") is { } alias)
        {
            throw new K2hr3Refusal(400,
                $"{request.Method} resource:alias field is specified, but it is not allowed by not user token : {TemplateJson.Write(alias)}");
        }

        List<string>? aliases = null;
        if (caller.IsUser && !Parameters.TryReadNames(Option("alias"), resource.Tenant, YrnKind.Resource, out aliases))
        {
            throw new K2hr3Refusal(400,
                $"{request.Method} resource:alias field is wrong : {(body is null ? Option("alias") : TemplateJson.Write(Option("alias")))}");
        }

        var claim = RoleByAddress.Read(request, !caller.IsUnknown, Option);
        var role = caller.Role?.Role ?? claim?.Prove(roles, request, 400).ToString();
        if (role is not null)
        {
            Yrn.TryParse(role, YrnKind.Role, out var yrn);
            resource = resource with { Tenant = yrn!.Tenant, Service = "" };
            if (!policies.Allows(roles.Policies(role), resource.ToString(), Yrn.Write))
            {
                throw new K2hr3Refusal(400,
                    $"could not create resource({TemplateJson.Write(resource.Name)}) for tenant({request.Quote(yrn.Tenant)}), "
                        + $"role({request.Quote(yrn.Name)})");
            }
        }

        if (keys is not null and not TemplateMap || (type == "string" && !TryMakeText(request, ref data)))
        {
            throw new K2hr3Refusal(400,
                $"could not create resourcename({TemplateJson.Write(resource.Name)}) for tenant({resource.Tenant}), "
                    + $"user({caller.User?.User})");
        }

        resources.Set(resource.ToString(), new ResourceChange(type, data, (TemplateMap?)keys, aliases));
        return K2hr3Reply.Made;
    }

    private static string Type(K2hr3Request request, object? given) => given switch
    {
        string { Length: > 0 } text when text.Equals("string", StringComparison.OrdinalIgnoreCase) => "string",
        string { Length: > 0 } text when text.Equals("object", StringComparison.OrdinalIgnoreCase) => "object",
        string { Length: > 0 } =>
            throw new K2hr3Refusal(400, $"{request.Method} resource:type field is wrong : {TemplateJson.Write(given)}"),
        _ => "string",
    };

    // Text from a query may have turned out to be JSON of another type.
    private static bool TryMakeText(K2hr3Request request, ref object? data)
    {
        if (data is null or string)
        {
            return true;
        }

        var fits = data is double || (request.IsOld && !double.IsNaN(TemplateValues.Number(data)));
        data = TemplateValues.Text(data);
        return fits;
    }

    private static object? Data(string type, object? given, bool isQuery)
    {
        if (isQuery)
        {
            return given is "" && type == "object" ? null : Parameters.Loosen(given);
        }

        return type == "object" ? given : given as string;
    }

    private static object? Keys(K2hr3Request request, object? given) => given switch
    {
        null => null,
        "" => new TemplateMap(),
        string text when !request.IsOld && request.Method == "PUT" && !double.IsNaN(TemplateValues.Number(text)) => null,
        string => Parameters.Loosen(given),
        TemplateMap => given,
        List<object?> list when request.IsOld => ToMap(list),
        _ => throw new K2hr3Refusal(400, $"POST resource:keys field is wrong : {TemplateJson.Write(given)}"),
    };

    private static TemplateMap ToMap(List<object?> list)
    {
        var map = new TemplateMap();
        for (var at = 0; at < list.Count; at++)
        {
            map[TemplateValues.Text((double)at)] = list[at];
        }

        return map;
    }

    private K2hr3Reply Get(K2hr3Request request)
    {
        var (caller, resource) = Target(request, takesService: true, null);
        if (caller.IsUser)
        {
            var expand = Parameters.ReadExpand(request, usual: true);
            RoleByAddress.Read(request, hasToken: true, request.Query);
            return K2hr3Reply.Read("resource", expansion.Describe(resource, resource.Tenant, expand));
        }

        var (type, key) = ReadPart(request);
        var claim = RoleByAddress.Read(request, caller.IsRole, request.Query);
        var role = claim is null ? RoleOf(caller) : claim.Prove(roles, request, 404);
        return K2hr3Reply.Read("resource", ReadAsRole(role, resource, type, key, request.IsOld));
    }

    private object? ReadAsRole(Yrn role, Yrn resource, string type, string? key, bool isOld)
    {
        RequireReadable(role, resource, 404);
        var view = expansion.Read(resource, role.Tenant, expand: true);
        var part = key is null ? type : $"{type}[{key}]";
        var value = type switch
        {
            "string" => view.Text,
            "object" => view.Object,
            _ => view.Keys.Get(key!),
        };
        return value ?? throw new K2hr3Refusal(404,
            $"resource({resource}) by role({role.Name}) in tenant({role.Tenant}) does not have value for type({part}) data.",
            isOld && key is not null ? "resource" : null);
    }

    private K2hr3Reply Check(K2hr3Request request)
    {
        var (caller, resource) = Target(request, takesService: true, null);
        var (type, key) = ReadPart(request);
        var claim = RoleByAddress.Read(request, !caller.IsUnknown, request.Query);
        if (!caller.IsUser)
        {
            RequireReadable(claim is null ? RoleOf(caller) : claim.Prove(roles, request, 403), resource, 403);
        }

        return resources.Has(resource.ToString(), type, key) ? K2hr3Reply.Done : throw new K2hr3Refusal(403);
    }

    private K2hr3Reply Delete(K2hr3Request request)
    {
        var (caller, resource) = Target(request, takesService: false, null);
        RequireOwnTenant(caller, resource);
        var part = request.FullQuery("type")?.ToLowerInvariant();
        if (part is not (null or "anytype" or "string" or "object" or "keys" or "aliases" or "expire")
            || (!caller.IsUser && part is null or "aliases"))
        {
            throw new K2hr3Refusal(400);
        }

        var names = part is "keys" ? Names(request, "keynames") : part is "aliases" ? Names(request, "aliases") : null;
        var claim = RoleByAddress.Read(request, !caller.IsUnknown, request.Query);
        if (!caller.IsUser)
        {
            var role = claim is null ? RoleOf(caller) : claim.Prove(roles, request, 403);
            resource = resource with { Tenant = role.Tenant, Service = "" };
            if (!policies.Allows(roles.Policies(role.ToString()), resource.ToString(), Yrn.Write))
            {
                throw request.IsOld
                    ? new K2hr3Refusal(403)
                    : new K2hr3Refusal(404,
                        $"role({TemplateJson.Write(role.Name)}) in tenant({TemplateJson.Write(role.Tenant)}) does not allow to write "
                            + $"access to resource({TemplateJson.Write(resource.Name)}).");
            }
        }

        if (part is not null)
        {
            resources.RemovePart(resource.ToString(), part, names);
        }
        else if (!resources.Remove(resource.ToString()))
        {
            throw request.IsOld
                ? new K2hr3Refusal(403)
                : new K2hr3Refusal(404,
                    $"could not remove resource({TemplateJson.Write(resource.Name)}) with type=(null), keynames=(null), aliases=(null) for "
                        + $"user={TemplateJson.Write(caller.User?.User)}, tenant={TemplateJson.Write(resource.Tenant)}");
        }

        return K2hr3Reply.Done;
    }

    private static List<string>? Names(K2hr3Request request, string parameter) => Parameters.Loosen(request.FullQuery(parameter)) switch
    {
        null => null,
        string one => [one],
        List<object?> { Count: > 0 } list => [.. list.OfType<string>()],
        _ => throw new K2hr3Refusal(400),
    };

    private static (string Type, string? Key) ReadPart(K2hr3Request request)
    {
        var given = request.FullQuery("type");
        var type = given?.ToLowerInvariant() ?? "string";
        if (type is not ("string" or "object" or "keys"))
        {
            throw new K2hr3Refusal(400, $"GET request type({given}) parameter is wrong.");
        }

        return type != "keys"
            ? (type, null)
            : (type, request.FullQuery("keyname")
                ?? throw new K2hr3Refusal(400,
                    $"GET request type=keys, but keyname({request.Query("keyname") ?? "undefined"}) parameter is empty."));
    }

    private void RequireReadable(Yrn role, Yrn resource, int status)
    {
        var granted = roles.Policies(role.ToString());
        if (granted.Count == 0)
        {
            throw new K2hr3Refusal(status, $"could not get role({role.Name}) in tenant({role.Tenant}) policy data.");
        }

        if (!policies.Allows(granted, resource.ToString(), Yrn.Read))
        {
            throw new K2hr3Refusal(status,
                $"role({role.Name}) in tenant({role.Tenant}) does not allow to read access to resource({resource}).");
        }
    }

    private static Yrn RoleOf(K2hr3Caller caller)
    {
        Yrn.TryParse(caller.Role!.Role, YrnKind.Role, out var role);
        return role!;
    }

    // Things of other tenants and of services are not for writing.
    private static void RequireOwnTenant(K2hr3Caller caller, Yrn resource)
    {
        if (!caller.IsUnknown && (resource.Tenant != caller.Tenant || resource.Service.Length > 0))
        {
            throw new K2hr3Refusal(400);
        }
    }

    private (K2hr3Caller Caller, Yrn Resource) Target(K2hr3Request request, bool takesService, object? nameInBody)
    {
        var caller = gate.AnyCaller(request);
        var service = takesService && request.Query("service")?.Trim().ToLowerInvariant() is { Length: > 0 } given ? given : null;
        var name = request.NameBehind("/v1/resource/")
            ?? (nameInBody is string { Length: > 0 } text
                ? text.ToLowerInvariant()
                : throw new K2hr3Refusal(400, $"Default resource name is not specified or wrong value : {TemplateJson.Write(nameInBody)}"));
        return (caller, Resolve(name, caller, service));
    }

    private static Yrn Resolve(string name, K2hr3Caller caller, string? service)
    {
        if (!Yrn.TryParse(name, YrnKind.Resource, out var yrn))
        {
            return caller.Tenant is { } tenant
                ? new Yrn(service ?? "", tenant, YrnKind.Resource, name)
                : throw new K2hr3Refusal(400, "Request query does not have yrn full path to resource");
        }

        if (caller.Tenant is { } own && yrn.Tenant != own)
        {
            throw new K2hr3Refusal(400, $"Request query has wrong yrn full path(tenant={yrn.Tenant}) to resource(tenant={own})");
        }

        return service is null || service == yrn.Service
            ? yrn
            : throw new K2hr3Refusal(400,
                $"Request query has service name({service}) and path has service name({yrn.Service}), but both are not same service name.");
    }
}
