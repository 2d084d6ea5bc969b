using System.Net;
using K2hdkcDbaas.Sandbox.K2hr3.Http;
using K2hdkcDbaas.Sandbox.K2hr3.Store;
using K2hdkcDbaas.Sandbox.K2hr3.Users;
using K2hdkcDbaas.Sandbox.Keystone;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Sandbox.K2hr3.Routes;

/// <summary>/v1/user/tokens: K2HR3's user tokens are Keystone tokens that it has got itself.</summary>
internal sealed class UserTokenRoutes(SandboxState state, K2hr3Store store, K2hr3Gate gate, IUserSource users,
    LocalTenantStore localTenants)
{
    private const string NoTenant = "POST body does not have tenant name(or user credentials)";

    /// <summary>Answers. Unlike the other routes it holds no lock: Keystone may be far away.</summary>
    public Task<K2hr3Reply> AnswerAsync(K2hr3Request request, CancellationToken ct) => request.Method switch
    {
        "POST" => PostAsync(request, ct),
        "PUT" => PutAsync(request, ct),
        "GET" => GetAsync(request, ct),
        "HEAD" => Task.FromResult(Check(request)),
        _ => throw new K2hr3Refusal(404, "Internal server error"),
    };

    private Task<K2hr3Reply> PostAsync(K2hr3Request request, CancellationToken ct)
    {
        if (request.Body is null)
        {
            throw new K2hr3Refusal(400, "POST body does not have auth key");
        }

        var auth = request.Body.Get("auth") as TemplateMap;
        var tenant = auth.Get("tenantName") as string ?? "";
        return auth.Get("passwordCredentials") is not { } credentials
            ? ByTokenAsync(request, tenant, ct)
            : ByPasswordAsync(
                request, (credentials as TemplateMap).Get("username") as string ?? "",
                (credentials as TemplateMap).Get("password") as string ?? "", tenant, ct);
    }

    private Task<K2hr3Reply> PutAsync(K2hr3Request request, CancellationToken ct)
    {
        var tenant = request.Query("tenantname") ?? "";
        return request.FullQuery("username") is { } user
            ? ByPasswordAsync(request, user, WebUtility.UrlDecode(request.Query("password") ?? "").Replace(' ', '+'), tenant, ct)
            : ByTokenAsync(request, tenant, ct);
    }

    private async Task<K2hr3Reply> ByPasswordAsync(K2hr3Request request, string name, string password, string tenant, CancellationToken ct)
    {
        if (name.Length == 0)
        {
            throw new K2hr3Refusal(400, "Some parameter(user name or unscoped token) is wrong.");
        }

        var refused = $"could not get scoped user token for user={name}, tenant={tenant} by ";
        UserToken unscoped;
        try
        {
            unscoped = Keep(await users.LogInAsync(name, password, ct).ConfigureAwait(false));
        }
        catch (KeystoneRefusal refusal)
        {
            throw Unissued(refused, refusal);
        }

        return Issued(tenant.Length == 0 ? unscoped : await ScopeAsync(request, unscoped, tenant, refused, ct).ConfigureAwait(false));
    }

    private async Task<K2hr3Reply> ByTokenAsync(K2hr3Request request, string tenant, CancellationToken ct)
    {
        UserToken own;
        try
        {
            own = Known(request);
            if (own.Tenant is not null && request.IsOld)
            {
                throw new K2hr3Refusal(400, "could not get unscoped user token in request.");
            }
        }
        catch (K2hr3Refusal refusal)
        {
            return await ByForeignTokenAsync(request, tenant, refusal, ct).ConfigureAwait(false);
        }

        if (tenant.Length == 0)
        {
            throw new K2hr3Refusal(400, NoTenant);
        }

        return Issued(await ScopeAsync(request, own, tenant, $"could not get scoped user token for user={own.User}, tenant={tenant} by ",
            ct).ConfigureAwait(false));
    }

    // A token that is not an unscoped one of ours is tried at Keystone.
    private async Task<K2hr3Reply> ByForeignTokenAsync(K2hr3Request request, string tenant, K2hr3Refusal refusal, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(request.AuthToken))
        {
            throw refusal;
        }

        var text = request.AuthToken.StartsWith("U=", StringComparison.Ordinal) ? request.AuthToken[2..] : request.AuthToken;
        var refused = $"could not get scoped user token for other token, tenant={tenant} by ";
        UserToken unscoped;
        try
        {
            unscoped = Keep(await users.ExchangeAsync(text, ct).ConfigureAwait(false));
        }
        catch (KeystoneRefusal unissued)
        {
            throw Unissued(refused, unissued);
        }

        return Issued(tenant.Length == 0 ? unscoped : await ScopeAsync(request, unscoped, tenant, refused, ct).ConfigureAwait(false));
    }

    private async Task<UserToken> ScopeAsync(K2hr3Request request, UserToken unscoped, string tenant, string refused, CancellationToken ct)
    {
        var from = new UserSourceToken(unscoped.Token, unscoped.KeystoneUser);
        var projects = await users.ProjectsAsync(from, ct).ConfigureAwait(false)
            ?? throw new K2hr3Refusal(
                404, refused + $"could not get tenant list for user {unscoped.User}(token={unscoped.Token}) by status=401");
        var project = projects.LastOrDefault(each => each.Name.Equals(tenant, StringComparison.OrdinalIgnoreCase))
            ?? throw new K2hr3Refusal(
                404, refused + $"could not get scoped user token for user {unscoped.User} by "
                    + $"{(request.IsOld ? "could not get scoped token by status=401" : "parameter is wrong : tenantid=null")}");
        try
        {
            return Keep(await users.ScopeAsync(from, project, ct).ConfigureAwait(false));
        }
        catch (KeystoneRefusal refusal)
        {
            throw new K2hr3Refusal(
                404, refused + $"could not get scoped user token for user {unscoped.User} by could not get scoped token by "
                    + $"status={refusal.Status}");
        }
    }

    private static K2hr3Refusal Unissued(string refused, KeystoneRefusal refusal)
        => new(404, refused
            + $"could not get user access token by could not get user access token by could not get unscoped token by "
            + $"status={refusal.Status}");

    private UserToken Known(K2hr3Request request)
    {
        lock (state.Gate)
        {
            return gate.User(request);
        }
    }

    private UserToken Keep(Token token)
    {
        lock (state.Gate)
        {
            var name = token.User.Name.ToLowerInvariant();
            store.Users.Add(name);
            return store.UserTokens[token.Id] = new UserToken(token.Id, name, token.User, token.Project, token.ExpiresAt);
        }
    }

    private static K2hr3Reply Issued(UserToken token)
        => new(201, new TemplateMap
        {
            ["result"] = true,
            ["message"] = "succeed",
            ["scoped"] = token.Tenant is not null,
            ["token"] = token.Token
        });

    private async Task<K2hr3Reply> GetAsync(K2hr3Request request, CancellationToken ct)
    {
        var token = Known(request);
        var projects = token.Project is { } only
            ? [only]
            : await users.ProjectsAsync(new UserSourceToken(token.Token, token.KeystoneUser), ct).ConfigureAwait(false)
            ?? throw new K2hr3Refusal(404, $"failed to get tenant list for user ({token.User}) by unscoped token({token.Token})");
        var tenants = projects.Select(project => Describe(project, token.Project is null || request.IsOld)).ToList<object?>();
        if (token.Project is null)
        {
            lock (state.Gate)
            {
                tenants.AddRange(localTenants.Of(token.User).Select(Describe));
            }
        }

        if (tenants.Count == 0)
        {
            throw new K2hr3Refusal(404, $"token({token.Token}) for user ({token.User}) does not have any tenant.");
        }

        return new K2hr3Reply(200, new TemplateMap
        {
            ["result"] = true,
            ["message"] = "succeed",
            ["scoped"] = token.Project is not null,
            ["user"] = token.User,
            ["tenants"] = tenants,
        });
    }

    // A tenant without a description: the newer release has null in the reply to a scoped token.
    private static TemplateMap Describe(Project project, bool hasText)
        => new()
        {
            ["name"] = project.Name.ToLowerInvariant(),
            ["display"] = project.Name,
            ["id"] = project.Id,
            ["description"] = hasText ? "" : null
        };

    private static TemplateMap Describe(LocalTenant tenant)
        => new() { ["name"] = tenant.Name, ["display"] = tenant.Display, ["id"] = tenant.Id, ["description"] = tenant.Description };

    private K2hr3Reply Check(K2hr3Request request)
    {
        Known(request);
        return K2hr3Reply.Done;
    }
}
