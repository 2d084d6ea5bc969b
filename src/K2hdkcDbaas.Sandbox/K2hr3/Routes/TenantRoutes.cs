using K2hdkcDbaas.Sandbox.K2hr3.Http;
using K2hdkcDbaas.Sandbox.K2hr3.Store;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Sandbox.K2hr3.Routes;

/// <summary>/v1/tenant: tenants that K2HR3 keeps itself. Keystone gives no token for them; they are listed with a user's others.</summary>
internal sealed class TenantRoutes(K2hr3Gate gate, K2hr3Store store, LocalTenantStore tenants)
{
    public K2hr3Reply Answer(K2hr3Request request) => request.Method switch
    {
        "POST" or "PUT" => Write(request),
        "GET" => Get(request),
        "HEAD" => Check(request),
        "DELETE" => Delete(request),
        _ => throw new K2hr3Refusal(404, "Internal server error"),
    };

    private string User(K2hr3Request request)
        => request.AuthToken is null
            ? throw new K2hr3Refusal(400, $"{request.Method} request tenant must specify <User Token>")
            : gate.User(request).User;

    private static string? Named(K2hr3Request request) => request.NameBehind("/v1/tenant/") is { } name ? WithPrefix(name) : null;

    private static string WithPrefix(string name) =>
        name.StartsWith(LocalTenantStore.Prefix, StringComparison.Ordinal) ? name : LocalTenantStore.Prefix + name;

    private K2hr3Reply Write(K2hr3Request request)
    {
        var body = request.Method == "PUT" ? null : request.Body.Get("tenant");
        if (request.Method == "POST" && (body is null || (body is not TemplateMap && !request.IsOld)))
        {
            throw new K2hr3Refusal(400, "POST body does not have tenant data");
        }

        string? Option(string name) =>
            request.Method == "PUT"
                ? request.FullQuery(name)
                : (body as TemplateMap).Get(name) is string { Length: > 0 } text ? text : null;

        var user = User(request);
        var users = Users(request.Method == "PUT" ? Parameters.Loosen(Option("users")) : (body as TemplateMap).Get("users"));
        return Named(request) is { } name
            ? Change(request, name, user, users, Option)
            : Make(request.Method, user, users, Option);
    }

    private static List<string> Users(object? given) => given switch
    {
        string { Length: > 0 } one => [one.Trim()],
        List<object?> list when list.TrueForAll(each => each is string) => [.. list.Cast<string>()],
        _ => [],
    };

    private K2hr3Reply Make(string method, string user, List<string> users, Func<string, string?> option)
    {
        var name = WithPrefix(option("name")?.ToLowerInvariant()
            ?? throw new K2hr3Refusal(400, $"{method} request tenant body does not have tenant.name string object."));
        if (tenants.Find(name) is not null)
        {
            throw new K2hr3Refusal(400,
                $"{method} request failed to update tenant by failed to create tenant by already tenant({name}) existed");
        }

        var tenant = new LocalTenant(name) { Description = Description(option), Display = option("display") ?? name };
        tenants.Add(tenant);
        SetUsers(tenant, [.. users, user]);
        return K2hr3Reply.Made;
    }

    private K2hr3Reply Change(K2hr3Request request, string name, string user, List<string> users, Func<string, string?> option)
    {
        var id = option("id")
            ?? throw new K2hr3Refusal(400, $"{request.Method} request tenant({name}) body does not have tenant.id string object.");
        if (users.Count == 0)
        {
            throw new K2hr3Refusal(400, $"{request.Method} request tenant({request.Quote(name)}) does not have any user list.");
        }

        var tenant = tenants.Find(name, id, user)
            ?? throw new K2hr3Refusal(400, $"{request.Method} request tenant({name}) does not allow user({user}).");
        tenant.Description = Description(option);
        tenant.Display = option("display") ?? name;
        SetUsers(tenant, users);
        return K2hr3Reply.Made with { Status = 200 };
    }

    private static string Description(Func<string, string?> option) => option("desc") ?? "K2HR3 Cluster Local tenant";

    // Users that never logged in are passed over without a word.
    private void SetUsers(LocalTenant tenant, IEnumerable<string> users) => tenants.SetUsers(tenant, users.Where(store.Users.Contains));

    private K2hr3Reply Get(K2hr3Request request)
    {
        var user = User(request);
        if (Named(request) is { } name)
        {
            return K2hr3Reply.Read("tenant", Describe(tenants.Find(name)
                ?? throw new K2hr3Refusal(400,
                    $"GET request failed to update tenant by could not find tenant({name}) with user=undefined and id=undefined")));
        }

        return Parameters.ReadExpand(request, usual: true)
            ? K2hr3Reply.Read("tenants", tenants.Of(user).Select(Describe).ToList<object?>())
            : K2hr3Reply.Read("tenants", tenants.Of(user).Select(tenant => tenant.Name).ToJson());
    }

    private static TemplateMap Describe(LocalTenant tenant) => new()
    {
        ["name"] = tenant.Name,
        ["id"] = tenant.Id,
        ["desc"] = tenant.Description,
        ["display"] = tenant.Display,
        ["users"] = tenant.Users.ToJson(),
    };

    private K2hr3Reply Check(K2hr3Request request)
    {
        User(request);
        return Named(request) is { } name && tenants.Find(name) is not null ? K2hr3Reply.Done : throw new K2hr3Refusal(400);
    }

    // By path a user leaves the tenant, by query the tenant is deleted.
    private K2hr3Reply Delete(K2hr3Request request)
    {
        var user = User(request);
        var id = request.FullQuery("id") ?? throw new K2hr3Refusal(400);
        var path = Named(request);
        var name = path ?? request.FullQuery("tenant") ?? throw new K2hr3Refusal(400);
        var tenant = tenants.Find(name, id, user) ?? throw new K2hr3Refusal(400);
        tenants.SetUsers(tenant, path is null ? [] : [.. tenant.Users.Where(each => each != user)]);
        return K2hr3Reply.Done;
    }
}
