using K2hdkcDbaas.Sandbox.K2hr3.Http;
using K2hdkcDbaas.Sandbox.K2hr3.Store;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Sandbox.K2hr3.Routes;

/// <summary>/v1/service: services that a tenant offers to others.</summary>
internal sealed class ServiceRoutes(K2hr3Gate gate, K2hr3Store store, ServiceStore services, ServiceMembership membership)
{
    private const string Base = "/v1/service";
    private const string TenantPrefix = Yrn.Prefix + "::";

    public K2hr3Reply Answer(K2hr3Request request)
    {
        var name = request.NameBehind(Base + "/");
        switch (request.Method)
        {
            case "POST" or "PUT":
                return Write(request, name);
            case "GET":
                return Get(request,
                    gate.ScopedUser(request).Tenant!, name ?? throw new K2hr3Refusal(400, "GET request url does not have service name"));
            case "HEAD":
                return Check(request, gate.ScopedUser(request).Tenant!, name ?? throw new K2hr3Refusal(400));
            case "DELETE":
                return Delete(request, gate.ScopedUser(request).Tenant!, name ?? throw new K2hr3Refusal(400));
            default:
                throw new K2hr3Refusal(404, "Internal server error");
        }
    }

    private K2hr3Reply Write(K2hr3Request request, string? name)
    {
        var isQuery = request.Method == "PUT";
        if (!isQuery && request.Body is null)
        {
            throw new K2hr3Refusal(400, "POST body does not exist");
        }

        object? Option(string option) => isQuery ? request.Query(option) : request.Body.Get(option);

        var tenant = gate.ScopedUser(request).Tenant!;
        var verify = Parameters.Loosen(Option("verify"));
        if (request.IsOld && verify is double number)
        {
            verify = TemplateValues.Text(number);
        }

        if (name is null)
        {
            if (Option("name") is not string { Length: > 0 } given)
            {
                throw new K2hr3Refusal(400,
                    $"{(isQuery ? "name argument is wrong" : "service:name field is wrong")} : "
                        + $"{(Option("name") is { } other ? TemplateJson.Write(other) : "undefined")}");
            }

            var made = services.Find(given.ToLowerInvariant()) ?? services.Add(given.ToLowerInvariant(), tenant);
            RequireOwner(made, tenant, given);
            made.Verify = verify;
            return K2hr3Reply.Made;
        }

        // The newer release reads text only: a real array counts as nothing.
        var allowed = Option("tenant") is { } asked && (request.IsOld || asked is string) ? Tenants(asked) : [];
        var clears = Option("clear_tenant") is true || (isQuery && Option("clear_tenant") is "true");
        if (allowed.Count == 0 && verify is null)
        {
            throw new K2hr3Refusal(400, "both tenant and verify are not specified.");
        }

        var service = services.Find(name) ?? throw new K2hr3Refusal(403, $"{name} service does not exist.");
        RequireOwner(service, tenant, name);
        service.Verify = verify ?? service.Verify;
        if (service.Verify is null && !request.IsOld)
        {
            throw Incomplete(name);
        }

        // All of the others lose the right, with what they have of the service. Which others those are is told by comparing full names with
        // what was asked: a tenant asked for by its bare name is taken in, and turned away again.
        foreach (var denied in clears
            ? service.Tenants.Where(each => each != service.Owner && !allowed.Contains(TenantPrefix + each)).ToList()
            : [])
        {
            membership.Leave(name, denied);
            service.Tenants.Remove(denied);
            allowed.Remove(denied);
        }

        service.Tenants.UnionWith(
            allowed.Select(each => each.StartsWith(TenantPrefix, StringComparison.Ordinal) ? each[TenantPrefix.Length..] : each));
        return K2hr3Reply.Made;
    }

    private static List<string> Tenants(object given) => Parameters.Loosen(given) switch
    {
        string { Length: > 0 } one => [one.ToLowerInvariant()],
        List<object?> list => [.. list.OfType<string>().Where(each => each.Length > 0).Select(each => each.ToLowerInvariant())],
        _ => [],
    };

    private static void RequireOwner(ServiceRecord service, string tenant, string name)
    {
        if (service.Owner != tenant)
        {
            throw new K2hr3Refusal(403, $"tenant({tenant}) is not owner of service({name}).");
        }
    }

    private static K2hr3Refusal Incomplete(string name)
    {
        var key = $"yrn:yahoo::::service:{name}";
        return new K2hr3Refusal(403, $"{key}:owner or {key}:tenant or {key}:verify are not found in {key} subkey list.");
    }

    private K2hr3Reply Get(K2hr3Request request, string tenant, string name)
    {
        var service = services.Find(name) ?? throw Incomplete(name);
        if (service.Owner != tenant)
        {
            throw new K2hr3Refusal(403, $"tenant({tenant}) is not owner for service({request.Quote(name)})");
        }

        var described = new TemplateMap
        {
            ["verify"] = service.Verify,
            ["tenant"] = service.Tenants.Append(service.Owner).Order(StringComparer.Ordinal).Distinct()
                .Select(each => $"{Yrn.Prefix}::{each}").ToJson(),
        };
        if (request.IsOld)
        {
            described.Insert(0, "name", name);
            described.Insert(1, "owner", service.Owner);
        }

        return K2hr3Reply.Read("service", described);
    }

    private K2hr3Reply Check(K2hr3Request request, string tenant, string name)
    {
        var service = services.Find(name);
        if (service is null || service.Owner != tenant)
        {
            throw new K2hr3Refusal(400);
        }

        return request.FullQuery("tenant")?.ToLowerInvariant() is not { } asked || asked == service.Owner || service.Tenants.Contains(asked)
            ? K2hr3Reply.Done
            : throw new K2hr3Refusal(403);
    }

    private K2hr3Reply Delete(K2hr3Request request, string tenant, string name)
    {
        var user = gate.ScopedUser(request);
        if (request.FullQuery("tenant")?.ToLowerInvariant() is { } denied)
        {
            // What the real service does here is to make a tenant of the caller's own give the service up; the owner cannot turn one away
            // so.
            if (!store.HasSeen(user.User, denied))
            {
                throw new K2hr3Refusal(403);
            }

            membership.Leave(name, denied);
            return K2hr3Reply.Done;
        }

        var service = services.Find(name);
        if (service?.Owner != tenant)
        {
            throw new K2hr3Refusal(403);
        }

        foreach (var member in service.Tenants.Append(tenant))
        {
            membership.Leave(name, member);
        }

        services.Remove(name);
        return K2hr3Reply.Done;
    }
}
