using K2hdkcDbaas.Sandbox.K2hr3.Http;
using K2hdkcDbaas.Sandbox.K2hr3.Store;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Sandbox.K2hr3.Routes;

/// <summary>/v1/policy.</summary>
internal sealed class PolicyRoutes(K2hr3Gate gate, PolicyStore policies)
{
    public K2hr3Reply Answer(K2hr3Request request) => request.Method switch
    {
        "POST" =>
            Write(request, request.Body.Get("policy") as TemplateMap ?? throw new K2hr3Refusal(400, "POST body does not have policy data")),
        "PUT" => Write(request, null),
        "GET" => Get(request),
        "HEAD" => Check(request),
        "DELETE" => Delete(request),
        _ => throw new K2hr3Refusal(404, "Internal server error"),
    };

    private K2hr3Reply Write(K2hr3Request request, TemplateMap? body)
    {
        object? Option(string name) => body is null ? request.Query(name) : body.Get(name);

        var user = gate.ScopedUser(request);
        var tenant = user.Tenant!;
        if (Option("name") is not string { Length: > 0 } given)
        {
            throw Wrong("name", Option("name"));
        }

        var name = Parameters.OwnName(given, tenant, YrnKind.Policy);
        bool? allows = Option("effect") switch
        {
            null => null,
            "" => false,
            string text when text.Equals("allow", StringComparison.OrdinalIgnoreCase) => true,
            string text when text.Equals("deny", StringComparison.OrdinalIgnoreCase) => false,
            var other => throw Wrong("effect", other),
        };
        if (!Parameters.TryReadList(Option("action"), action => action is Yrn.Read or Yrn.Write, out var actions))
        {
            throw Wrong("action", Option("action"));
        }

        if (!Parameters.TryReadNames(Option("resource"), tenant, YrnKind.Resource, out var resources))
        {
            throw Wrong("resource", Option("resource"));
        }

        if (Option("condition") is not (null or "") && (request.IsOld || body is not null))
        {
            throw Wrong("condition", Option("condition"));
        }

        if (!Parameters.TryReadNames(Option("alias"), tenant, YrnKind.Policy, out var aliases))
        {
            throw Wrong("alias", Option("alias"));
        }

        return policies.Set(tenant, name, new PolicyChange(allows, actions, resources, aliases))
            ? K2hr3Reply.Made
            : throw new K2hr3Refusal(400, $"could not create policy({TemplateJson.Write(name)}) for tenant({tenant}), user({user.User})");
    }

    private static K2hr3Refusal Wrong(string field, object? value)
        => new(400, $"policy:{field} field is wrong : {(value is null ? "undefined" : TemplateJson.Write(value))}");

    private K2hr3Reply Get(K2hr3Request request)
    {
        var tenant = gate.ScopedUser(request).Tenant!;
        var name = request.NameBehind("/v1/policy/") ?? throw new K2hr3Refusal(400, "GET request url does not have policy name");
        var yrn = Resolve(request, name, tenant, request.FullQuery("service")?.ToLowerInvariant());
        if (policies.Find(yrn.ToString()) is not { } policy)
        {
            throw new K2hr3Refusal(400, $"{yrn} is not found in {Yrn.Top(yrn.Tenant, YrnKind.Policy, yrn.Service)} subkey list.");
        }

        var described = new TemplateMap
        {
            ["effect"] = policy.Allows ? "allow" : "deny",
            ["action"] = policy.Actions.Count == 0 ? new List<object?> { "read" } : policy.Actions.ToJson(),
            ["resource"] = policy.Resources.ToJson(),
            ["condition"] = new List<object?>(),
            ["reference"] = (double)policy.References,
            ["alias"] = (policy.Aliases ?? []).ToJson(),
        };
        if (!request.IsOld)
        {
            described.Insert(0, "name", yrn.Name);
        }

        return K2hr3Reply.Read("policy", described);
    }

    // The older release fails inside itself on a name that does not fit.
    private static Yrn Resolve(K2hr3Request request, string name, string? tenant, string? service)
    {
        K2hr3Refusal Unfit(string message) =>
            request.IsOld ? new K2hr3Refusal(500, "Internal server error") : new K2hr3Refusal(400, message);

        if (!Yrn.TryParse(name, YrnKind.Policy, out var yrn))
        {
            return tenant is null
                ? throw Unfit("Request query does not have yrn full path to policy")
                : new Yrn(service ?? "", tenant, YrnKind.Policy, name);
        }

        if (tenant is not null && yrn.Tenant != tenant)
        {
            throw Unfit($"Request query has wrong yrn full path(tenant={yrn.Tenant}) to policy(tenant={tenant})");
        }

        return service is null || yrn.Service == service
            ? yrn
            : throw Unfit($"Request query has service name({service}) and path has service name({yrn.Service}), but both are not same "
                + $"service name.");
    }

    private K2hr3Reply Check(K2hr3Request request)
    {
        var tenant = request.FullQuery("tenant")?.Trim().ToLowerInvariant();
        var service = request.FullQuery("service")?.Trim().ToLowerInvariant();
        var name = request.NameBehind("/v1/policy/") ?? throw new K2hr3Refusal(400);
        var policy = Resolve(request, name, tenant, service);
        var resource = request.FullQuery("resource") ?? throw new K2hr3Refusal(400);
        if (!Yrn.TryParse(resource, YrnKind.Resource, out _))
        {
            resource = tenant is null ? throw new K2hr3Refusal(400) : Yrn.Of(tenant, YrnKind.Resource, resource, service ?? "");
        }

        var action = request.FullQuery("action") switch
        {
            "read" or Yrn.Read => Yrn.Read,
            "write" or Yrn.Write => Yrn.Write,
            _ => throw new K2hr3Refusal(400),
        };

        // Without a tenant in the query the real service looks under no tenant, also for a full name.
        return tenant is not null && policies.Allows([policy.ToString()], resource, action) ? K2hr3Reply.Done : throw new K2hr3Refusal(403);
    }

    private K2hr3Reply Delete(K2hr3Request request)
    {
        var tenant = gate.ScopedUser(request).Tenant!;
        var given = request.NameBehind("/v1/policy/") ?? throw new K2hr3Refusal(400, "GET request url does not have policy name");
        var name = Parameters.OwnName(given, tenant, YrnKind.Policy);
        return policies.Remove(Yrn.Of(tenant, YrnKind.Policy, name)) ? K2hr3Reply.Done : throw new K2hr3Refusal(403);
    }
}
