using K2hdkcDbaas.Sandbox.K2hr3.Http;
using K2hdkcDbaas.Sandbox.K2hr3.Store;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Sandbox.K2hr3.Routes;

/// <summary>/v1/role/token: role tokens and the paths of user data made from them.</summary>
internal sealed class RoleTokenRoutes(K2hr3Gate gate, RoleStore roles, RoleTokenStore tokens, RegisterPaths paths)
{
    /// <summary>Issues a token to a user, to a host known by its address, or to a host that renews the one it has.</summary>
    public K2hr3Reply Issue(K2hr3Request request, string name)
    {
        var caller = gate.AnyCaller(request);
        var role = RoleRoutes.Resolve(name, caller.Tenant, "GET");
        var full = role.ToString();
        RoleToken? issued;
        if (caller.IsUser)
        {
            issued = tokens.Issue(full, role.Tenant, Life(request), caller.User.User, null);
        }
        else if (caller.IsRole)
        {
            issued = Renew(request, caller.Role, full);
        }
        else
        {
            var (port, cuk) = (request.Port(hasBody: true), request.Cuk());
            issued = IssueToHost(request, role, port, cuk, RoleTokenStore.UsualLife);
        }

        if (issued is null)
        {
            throw new K2hr3Refusal(404,
                $"could not get role id({full}/id) value, or it is wrong value({(request.IsOld ? "null" : "\"\"")}).");
        }

        return new K2hr3Reply(200, new TemplateMap
        {
            ["result"] = true,
            ["message"] = null,
            ["token"] = issued.Token,
            ["registerpath"] = paths.Make(full, issued.Token),
        });
    }

    /// <summary>Lists the tokens of a role.</summary>
    public K2hr3Reply List(K2hr3Request request, string name)
    {
        var caller = gate.AnyCaller(request);
        var full = RoleRoutes.Resolve(name, caller.Tenant, "GET").ToString();
        if (!caller.IsUser)
        {
            throw new K2hr3Refusal(400, $"GET request without UserToken for getting list of role({full}) tokens, need User Token.");
        }

        var expand = Parameters.ReadExpand(request, usual: true);
        var found = tokens.List(full) ?? throw new K2hr3Refusal(404, $"role({TemplateJson.Write(full)}) does not exist");
        if (!expand)
        {
            return K2hr3Reply.Read("tokens", found.Select(token => token.Token).ToJson());
        }

        var described = new TemplateMap();
        foreach (var token in found)
        {
            var entry = new TemplateMap
            {
                ["user"] = token.User,
                ["hostname"] = null,
                ["ip"] = token.Host?.Name,
                ["port"] = (double)(token.Host?.Port ?? 0),
                ["cuk"] = token.Host?.Cuk,
            };
            var first = request.IsOld ? 0 : entry.Count;
            entry.Insert(first, "date", token.Date.ToIso());
            entry.Insert(first + 1, "expire", token.Expires.ToIso());
            entry["registerpath"] = paths.Make(full, token.Token);
            described[token.Token] = entry;
        }

        return K2hr3Reply.Read("tokens", described);
    }

    /// <summary>Ends a token that a user names.</summary>
    public K2hr3Reply Delete(K2hr3Request request, string token)
    {
        var user = gate.ScopedUser(request);
        return tokens.Remove(token, user.Tenant!) ? K2hr3Reply.Done : throw new K2hr3Refusal(403);
    }

    /// <summary>Ends the token that the request came with.</summary>
    public K2hr3Reply DeleteOwn(K2hr3Request request, RoleToken token, string role)
    {
        if (token.Role != role)
        {
            throw new K2hr3Refusal(400);
        }

        // The caller must be a host of the role, whoever the token was issued to.
        return roles.FindHosts(role, request.ClientAddress, token.Host?.Port ?? 0, token.Host?.Cuk).Count > 0
            && tokens.Remove(token.Token, token.Tenant)
            ? K2hr3Reply.Done
            : throw new K2hr3Refusal(403);
    }

    private static TimeSpan Life(K2hr3Request request)
    {
        if (request.FullQuery("expire") is not { } text)
        {
            return RoleTokenStore.UsualLife;
        }

        if (!K2hr3Request.TryNumber(text, out var seconds))
        {
            return !request.IsOld
                ? RoleTokenStore.UsualLife
                : throw new K2hr3Refusal(400, $"GET request has expire which is not number: {TemplateJson.Write(text)}");
        }

        return (long)seconds == 0 ? RoleTokenStore.LongLife : TimeSpan.FromSeconds(Math.Clamp(Math.Truncate(seconds), -1e9, 3e9));
    }

    private RoleToken? Renew(K2hr3Request request, RoleToken old, string role)
    {
        if (old.Host?.Name != request.ClientAddress)
        {
            throw new K2hr3Refusal(400, "GET request ip address and role token are not same.");
        }

        Yrn.TryParse(role, YrnKind.Role, out var yrn);
        var renewed = IssueToHost(request, yrn!, old.Host.Port, old.Host.Cuk, old.Expires - old.Date);
        tokens.Remove(old.Token, old.Tenant);
        return renewed;
    }

    private RoleToken? IssueToHost(K2hr3Request request, Yrn role, int port, string? cuk, TimeSpan life)
    {
        var host = roles.FindHosts(role.ToString(), request.ClientAddress, port, cuk).FirstOrDefault()
            ?? throw new K2hr3Refusal(404,
                $"Not found ip({request.ClientAddress}) with port({port}) and cuk({TemplateJson.Write(cuk)}) in tenant({role.Tenant}) + "
                    + $"role({role.Name})");
        return tokens.Issue(role.ToString(), role.Tenant, life, null, host);
    }
}
