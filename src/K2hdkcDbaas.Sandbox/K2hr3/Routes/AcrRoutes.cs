using K2hdkcDbaas.Sandbox.K2hr3.Http;
using K2hdkcDbaas.Sandbox.K2hr3.Store;
using K2hdkcDbaas.Sandbox.K2hr3.Users;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Sandbox.K2hr3.Routes;

/// <summary>What /v1/acr works on.</summary>
internal sealed record AcrStores(K2hr3Store All, ServiceStore Services, RoleStore Roles, LocalTenantStore Tenants,
    ServiceMembership Membership);

/// <summary>/v1/acr: tenants take services up and give them up; services check who asks them and read what they lend.</summary>
internal sealed class AcrRoutes(SandboxState state, AcrStores stores, K2hr3Gate gate, IUserSource users, VerifyUrl verifyUrl,
    ResourceExpansion expansion)
{
    private const string Base = "/v1/acr/";

    /// <summary>Answers. It takes the lock itself: to join may mean to ask Keystone and the service's own server.</summary>
    public async Task<K2hr3Reply> AnswerAsync(K2hr3Request request, CancellationToken ct)
    {
        if (request.Method is "POST" or "PUT")
        {
            return await JoinAsync(request, ct).ConfigureAwait(false);
        }

        lock (state.Gate)
        {
            return request.Method switch
            {
                "GET" => request.AuthToken is null ? Lend(request) : Verify(request),
                "DELETE" => Leave(request),
                _ => throw new K2hr3Refusal(404, "Internal server error"),
            };
        }
    }

    private async Task<K2hr3Reply> JoinAsync(K2hr3Request request, CancellationToken ct)
    {
        UserToken user;
        lock (state.Gate)
        {
            user = gate.User(request);
        }

        var tenant = user.Tenant is { } own ? Own(request, own) : await ChosenAsync(request, user, ct).ConfigureAwait(false);
        var service = request.NameBehind(Base) ?? throw NoService(request.Method);
        object? offered;
        lock (state.Gate)
        {
            var found = stores.Services.Find(service)
                ?? throw new K2hr3Refusal(403,
                    $"key(yrn:yahoo::::service:{service}:verify) does not have safe verify url nor JSON string : null");
            if (!found.IsOpenTo(tenant))
            {
                throw new K2hr3Refusal(403, $"could not create tenant({tenant}) under service({service})");
            }

            offered = found.Verify;
        }

        if (offered is string { Length: > 0 } text)
        {
            var url = VerifyUrl.Read(text) ?? throw new K2hr3Refusal(403, $"parameter is wrong : verifyurl={TemplateJson.Write(text)}");
            offered = await verifyUrl.AskAsync(url, await TokenForServiceAsync(user, tenant, ct).ConfigureAwait(false),
                ct).ConfigureAwait(false);
        }

        lock (state.Gate)
        {
            return stores.Membership.Join(service, tenant, offered)
                ? K2hr3Reply.Made
                : throw new K2hr3Refusal(403,
                    $"could not create any resource key({TemplateJson.Write(offered)}) for tenant({tenant}) and service({service})");
        }
    }

    private static K2hr3Refusal NoService(string method) => new(400, $"{method} request url does not have service name");

    private static string Own(K2hr3Request request, string tenant)
        => request.Body.Get("tenant") is not string { Length: > 0 } asked || asked.Equals(tenant, StringComparison.OrdinalIgnoreCase)
            ? tenant
            : throw new K2hr3Refusal(400, "Specified scoped user token and tenant in body data, but these are not same tenant name.");

    private async Task<string> ChosenAsync(K2hr3Request request, UserToken user, CancellationToken ct)
    {
        var isQuery = request.Method == "PUT";
        var asked = (isQuery ? request.FullQuery("tenant") : request.Body.Get("tenant") as string) is { Length: > 0 } given
            ? given
            : throw new K2hr3Refusal(400,
                $"Specified unscoped user token, but there is not tenant in {(isQuery ? "argument" : "body data")}.");
        var projects = await users.ProjectsAsync(new UserSourceToken(user.Token, user.KeystoneUser), ct).ConfigureAwait(false) ?? [];
        var tenant = asked.ToLowerInvariant();
        lock (state.Gate)
        {
            string[] all = [.. projects.Select(project => project.Name.ToLowerInvariant()),
                .. stores.Tenants.Of(user.User).Select(local => local.Name)];
            return all switch
            {
                [] => throw new K2hr3Refusal(400, $"token({user.Token}) for user ({user.User}) does not have any tenant."),
                _ when !all.Contains(tenant) => throw new K2hr3Refusal(400, $"user ({user.User}) is not member of tenant({asked})."),
                _ => tenant,
            };
        }
    }

    // The service's server may check the token here, which ends it; so it gets one of its own. For an unscoped token the real service
    // fails to make one (and then stops altogether: it answers twice).
    private async Task<string> TokenForServiceAsync(UserToken user, string tenant, CancellationToken ct)
    {
        var refused = $"could not get scoped user token for user={user.User}, tenant={tenant} by ";
        if (user.Project is null)
        {
            throw new K2hr3Refusal(
                403, refused + "could not get user access token by could not get user access token by could not get unscoped token by "
                    + "status=400");
        }

        try
        {
            var token = await users.ScopeAsync(new UserSourceToken(user.Token, user.KeystoneUser), user.Project, ct).ConfigureAwait(false);
            lock (state.Gate)
            {
                stores.All.UserTokens[token.Id] = user with { Token = token.Id, Expires = token.ExpiresAt };
            }

            return token.Id;
        }
        catch (KeystoneRefusal refusal)
        {
            throw new K2hr3Refusal(403, refused + $"could not get scoped token by status={refusal.Status}");
        }
    }

    // The token ends with the request, whatever the answer is.
    private K2hr3Reply Verify(K2hr3Request request)
    {
        var user = gate.ScopedUser(request);
        stores.All.UserTokens.Remove(user.Token);
        var service = request.NameBehind(Base) ?? throw NoService("PUT");
        var found = stores.Services.Find(service)
            ?? throw new K2hr3Refusal(403,
                $"Not found yrn:yahoo::::service:{service} subkey under yrn:yahoo::::service key(there is no master service key)");
        return found.IsOpenTo(user.Tenant!)
            ? K2hr3Reply.Read("tokeninfo", new TemplateMap { ["user"] = user.User, ["tenant"] = user.Tenant, ["service"] = service })
            : throw new K2hr3Refusal(403, $"Not found {Yrn.Prefix}::{user.Tenant} key under yrn:yahoo::::service:{service} key");
    }

    private K2hr3Reply Leave(K2hr3Request request)
    {
        var tenant = gate.ScopedUser(request).Tenant!;
        stores.Membership.Leave(request.NameBehind(Base) ?? throw NoService("DELETE"), tenant);
        return K2hr3Reply.Done;
    }

    // A host of the service asks for one of its clients, both known by their addresses.
    private K2hr3Reply Lend(K2hr3Request request)
    {
        if (request.FullQuery("cip") is not { } client || request.FullQuery("crole") is not { } clientRole
            || request.FullQuery("srole") is not { } serviceRole)
        {
            throw new K2hr3Refusal(400, "GET request or parameters are wrong");
        }

        var service = request.NameBehind(Base) ?? throw NoService("PUT");
        var serviceTenant = TenantOf(request, serviceRole);
        var clientTenant = TenantOf(request, clientRole);
        RequireMember(request, "service", request.ClientAddress, serviceRole);
        var found = stores.Services.Find(service);
        if (found?.Owner != serviceTenant)
        {
            throw new K2hr3Refusal(403, $"service tenant({serviceTenant}) is not service({service}) owner tenant.");
        }

        RequireMember(request, "client", client, clientRole);
        if (!found.IsOpenTo(clientTenant))
        {
            throw new K2hr3Refusal(403, $"client tenant({clientTenant}) is not service({service}) tenant member.");
        }

        var policies = stores.Roles.Policies(clientRole);
        if (policies.Count == 0)
        {
            throw new K2hr3Refusal(403, $"could not get any policy data for client role({clientRole}).");
        }

        return policies.Contains(ServiceMembership.Policy(service, clientTenant))
            ? K2hr3Reply.Read("resources",
                stores.Membership.Resources(service, clientTenant).Select(Describe).Where(resource => resource is not null)
                    .ToList<object?>())
            : throw new K2hr3Refusal(403,
                $"role({clientRole}) does not allow to read access to resource({Yrn.Top(clientTenant, YrnKind.Resource, service)}).");
    }

    private static string TenantOf(K2hr3Request request, string role)
        => Yrn.TryParse(role, YrnKind.Role, out var yrn) && yrn.Tenant.Length > 0
            ? yrn.Tenant.ToLowerInvariant()
            : throw (request.IsOld
                ? new K2hr3Refusal(500, "Internal server error")
                : new K2hr3Refusal(403, $"role yrn({role}) is not full yrn, or wrong role yrn."));

    private void RequireMember(K2hr3Request request, string who, string address, string role)
    {
        var text = request.FullQuery(who[0] + "port") ?? "0";
        var isNumber = K2hr3Request.TryNumber(text, out var port);
        var cuk = request.FullQuery(who[0] + "cuk");

        // The older release looks for a port that is none, the newer one for any.
        if ((isNumber || !request.IsOld) && stores.Roles.FindHosts(role, address, isNumber ? (int)port : 0, cuk).Count > 0)
        {
            return;
        }

        throw new K2hr3Refusal(403,
            $"{who} ip({address}) and port({(isNumber || request.IsOld ? text : "0")}) and cuk({TemplateJson.Write(cuk)}) is not {who} "
                + $"role({role}) member.");
    }

    // Objects are lent as empty text, as the real service does; what cannot be read is passed over.
    private TemplateMap? Describe(Yrn resource)
    {
        ResourceView view;
        try
        {
            view = expansion.Read(resource, resource.Tenant, expand: true);
        }
        catch (K2hr3Refusal)
        {
            return null;
        }

        var described = new TemplateMap { ["name"] = resource.Name.ToLowerInvariant() };
        if (view.Expires is { } expires)
        {
            described["expire"] = expires.ToIso();
        }

        described["type"] = "string";
        described["data"] = view.Text;
        if (view.Keys is { } keys)
        {
            described["keys"] = keys;
        }

        return described;
    }
}
