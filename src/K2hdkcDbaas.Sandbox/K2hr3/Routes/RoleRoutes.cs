using K2hdkcDbaas.Sandbox.K2hr3.Http;
using K2hdkcDbaas.Sandbox.K2hr3.Store;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Sandbox.K2hr3.Routes;

/// <summary>/v1/role and the hosts of roles.</summary>
internal sealed class RoleRoutes(K2hr3Gate gate, RoleStore roles, RoleTokenRoutes tokens)
{
    private const string Base = "/v1/role";

    public K2hr3Reply Answer(K2hr3Request request)
    {
        var isRoot = request.Path.TrimEnd('/') == Base;
        switch (request.Method)
        {
            case "POST" or "PUT" when isRoot:
                return WriteRole(request);
            case "POST" or "PUT":
                return WriteHosts(request);
            case "GET" when request.NameBehind(Base + "/token/list/") is { } listed:
                return tokens.List(request, listed);
            case "GET" when request.NameBehind(Base + "/token/") is { } asked:
                return tokens.Issue(request, asked);
            case "GET":
                return Get(request);
            case "HEAD":
                return Check(request);
            case "DELETE" when request.NameBehind(Base + "/token/") is not null:
                return tokens.Delete(request, request.Path[(Base.Length + "/token/".Length)..]);
            case "DELETE" when isRoot:
                return DeleteByCuk(request);
            case "DELETE":
                return Delete(request);
            default:
                throw new K2hr3Refusal(404, "Internal server error");
        }
    }

    /// <summary>The full name of the role in a path; without a token it must be written in full.</summary>
    public static Yrn Resolve(string name, string? tenant, string method)
    {
        if (!Yrn.TryParse(name, YrnKind.Role, out var yrn))
        {
            return tenant is null
                ? throw new K2hr3Refusal(400,
                    $"{method} request role name which is not full yrn, and not token. role name must be full yrn, if token is not "
                        + $"specified.")
                : new Yrn("", tenant, YrnKind.Role, name);
        }

        return tenant is null || tenant == yrn.Tenant
            ? yrn
            : throw new K2hr3Refusal(400,
                $"{method} request query has wrong tenant yrn full path(tenant={yrn.Tenant}) or not specify tenant.");
    }

    private K2hr3Reply WriteRole(K2hr3Request request)
    {
        var body = request.Method == "PUT"
            ? null
            : request.Body.Get("role") as TemplateMap ?? throw new K2hr3Refusal(400, "POST body does not have role data");
        object? Option(string name) => body is null ? request.Query(name) : body.Get(name);

        var user = gate.ScopedUser(request);
        var tenant = user.Tenant!;
        if (Option("name") is not string { Length: > 0 } given)
        {
            throw new K2hr3Refusal(400,
                $"role:name field is wrong : {(Option("name") is { } other ? TemplateJson.Write(other) : "undefined")}");
        }

        var name = Parameters.OwnName(given, tenant, YrnKind.Role);
        if (!Parameters.TryReadNames(Option("policies"), tenant, YrnKind.Policy, out var policies))
        {
            throw new K2hr3Refusal(400,
                $"role:policies field is wrong : {(body is null ? Option("policies") : TemplateJson.Write(Option("policies")))}");
        }

        if (!Parameters.TryReadList(Option("alias"), alias => Yrn.TryParse(alias, YrnKind.Role, out _), out var aliases))
        {
            throw new K2hr3Refusal(400,
                $"role:alias field is wrong : {(body is null ? Option("alias") : TemplateJson.Write(Option("alias")))}");
        }

        RequireOwn(name, tenant, user.User);
        roles.Set(Yrn.Of(tenant, YrnKind.Role, name), policies, aliases);
        return K2hr3Reply.Made;
    }

    private static void RequireOwn(string name, string tenant, string? user)
    {
        if (Yrn.TryParse(name, YrnKind.Role, out _))
        {
            throw CannotMake(name, tenant, user);
        }
    }

    private static K2hr3Refusal CannotMake(string name, string tenant, string? user)
        => new(400, $"could not create role({TemplateJson.Write(name)}) for tenant({tenant}), user({user})");

    private K2hr3Reply WriteHosts(K2hr3Request request)
    {
        var body = request.Method == "PUT"
            ? null
            : request.Body.Get("host") ?? throw new K2hr3Refusal(400, "POST body does not have host data");
        var caller = gate.Caller(request);
        var given = request.NameBehind(Base + "/") ?? throw new K2hr3Refusal(400, "POST request url does not have role name");
        var own = Parameters.OwnName(given, caller.Tenant!, YrnKind.Role);
        RequireOwn(own, caller.Tenant!, caller.User?.User);
        var full = Yrn.Of(caller.Tenant!, YrnKind.Role, own);

        List<Func<string, object?>> hosts = body switch
        {
            null => [request.Query],
            List<object?> list => [.. list.Select(item => (Func<string, object?>)(item as TemplateMap).Get)],
            _ => [(body as TemplateMap).Get],
        };
        if (body is not List<object?> && hosts[0]("host") is not string { Length: > 0 })
        {
            // The caller registers itself; the role need not exist.
            roles.AddHost(
                full,
                HostForms.Read(request, request.ClientAddress, hosts[0], loosens: true)
                    ?? throw new K2hr3Refusal(400, $"could not set enable value to {full}/hosts key"),
                isAddress: true);
            return K2hr3Reply.Made;
        }

        if (!request.IsOld)
        {
            hosts.RemoveAll(host => host("host") is not string { Length: > 0 });
        }

        var found = hosts.Select(host => host("host") is string { Length: > 0 } name
            ? HostForms.Read(request, name.ToLowerInvariant(), host, loosens: body is null)
                ?? throw CannotMake(own, caller.Tenant!, caller.User?.User)
            : throw new K2hr3Refusal(400, "host is not specified.")).ToList();
        var role = roles.Set(full, null, null);
        if (body is not null && request.Body.Get("clear_hostname") is true)
        {
            role.HostNames.Clear();
        }

        if (body is not null && request.Body.Get("clear_ips") is true)
        {
            role.Addresses.Clear();
        }

        found.ForEach(host => roles.AddHost(full, host, HostForms.IsAddress(host.Name)));
        return K2hr3Reply.Made;
    }

    private K2hr3Reply Get(K2hr3Request request)
    {
        var caller = gate.AnyCaller(request);
        var name = request.NameBehind(Base + "/") ?? throw new K2hr3Refusal(400, "GET request url does not have role name");
        var full = Resolve(name, caller.Tenant, "GET").ToString();
        if (!caller.IsUser)
        {
            throw new K2hr3Refusal(400, $"GET request without UserToken for getting role({full}), need User Token.");
        }

        if (Parameters.ReadExpand(request, usual: true))
        {
            return K2hr3Reply.Read("role", new TemplateMap { ["policies"] = roles.Policies(full).ToJson() });
        }

        var role = roles.Find(full);
        return K2hr3Reply.Read("role", new TemplateMap
        {
            ["policies"] = (role?.Policies ?? []).ToJson(),
            ["aliases"] = (role?.Aliases ?? []).ToJson(),
            ["hosts"] = new TemplateMap
            {
                ["hostnames"] = (role?.HostNames.Values.Select(HostForms.Line) ?? []).ToJson(),
                ["ips"] = (role?.Addresses.Values.Select(HostForms.Line) ?? []).ToJson(),
            },
        });
    }

    private K2hr3Reply Check(K2hr3Request request)
    {
        var caller = gate.AnyCaller(request);
        var role = Resolve(request.NameBehind(Base + "/") ?? throw new K2hr3Refusal(400), caller.Tenant, "HEAD");

        // With a token this tells nothing about the role: the real service answers yes for any.
        if (!caller.IsUnknown)
        {
            return K2hr3Reply.Done;
        }

        var port = request.Port(hasBody: false);
        return roles.FindHosts(role.ToString(), request.ClientAddress, port, request.Cuk()).Count > 0
            ? K2hr3Reply.Done
            : throw new K2hr3Refusal(403);
    }

    private K2hr3Reply Delete(K2hr3Request request)
    {
        var caller = gate.AnyCaller(request);
        var full = Resolve(request.NameBehind(Base + "/") ?? throw new K2hr3Refusal(400), caller.Tenant, "HEAD").ToString();
        if (caller.IsRole)
        {
            return tokens.DeleteOwn(request, caller.Role, full);
        }

        if (caller.IsUser && request.FullQuery("host") is null)
        {
            roles.Remove(full);
            return K2hr3Reply.Done;
        }

        var (port, cuk) = (request.Port(hasBody: false), request.Cuk());
        if (caller.IsUnknown)
        {
            if (roles.FindHosts(full, request.ClientAddress, port, cuk).Count == 0)
            {
                throw new K2hr3Refusal(403);
            }

            roles.RemoveHost(full, request.ClientAddress, port, cuk);
            return K2hr3Reply.Done;
        }

        foreach (var host in Parameters.Loosen(request.FullQuery("host")) is List<object?> { Count: > 0 } list
            ? list.OfType<string>()
            : [request.Query("host")!])
        {
            roles.RemoveHost(full, host, port, cuk);
        }

        return K2hr3Reply.Done;
    }

    // Only the hosts of a role set up by the service's administrator may do this; the sandbox has no such role.
    private static K2hr3Reply DeleteByCuk(K2hr3Request request)
        => throw new K2hr3Refusal(400,
            $"DELETE request from ip address({TemplateJson.Write(request.ClientAddress)}) is not role(null) member.");
}
