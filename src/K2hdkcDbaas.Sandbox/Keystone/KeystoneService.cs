using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Keystone;

/// <summary>Keystone v3: discovery, tokens, catalogue, and the few reads of users and projects that clients make.</summary>
internal sealed class KeystoneService : ISandboxService
{
    public string Name => "keystone";

    public string? ServiceType => "identity";

    public string CatalogPath => "/v3";

    public void Prepare(HttpContext context)
    {
        context.Response.Headers["x-openstack-request-id"] = JsonHttp.NewRequestId();
        context.Response.Headers.Vary = "X-Auth-Token";
        // As behind uWSGI, where Keystone usually lives.
        context.Response.Headers.Connection = "close";
    }

    public Task WriteFaultAsync(HttpContext context, ApiFault fault)
    {
        // What no route takes is answered by the web framework (Flask), not by Keystone.
        if (fault is { Status: 404, Message.Length: 0 })
        {
            context.Response.StatusCode = 404;
            context.Response.ContentType = "text/html; charset=utf-8";
            return context.Response.WriteAsync(
                "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not found on "
                    + "the server. If you entered the URL manually please check your spelling and try again.</p>\n",
                context.RequestAborted);
        }
        if (fault is { Status: 405, Message.Length: 0 })
            return context.WriteJsonAsync(405, new JsonObject { ["message"] = "The method is not allowed for the requested URL." });
        var (title, usual) = fault.Status switch
        {
            400 => ("Bad Request", "The server could not comply with the request since it is either malformed or otherwise incorrect."),
            401 => ("Unauthorized", "The request you have made requires authentication."),
            403 => ("Forbidden", "You are not authorized to perform the requested action."),
            404 => ("Not Found", "Could not find what was asked for."),
            405 => ("Method Not Allowed", "The method is not allowed for the requested URL."),
            409 => ("Conflict", "Conflict occurred attempting to store."),
            413 => ("Request Entity Too Large", "Request is too large."),
            429 => ("Too Many Requests", "Too many requests."),
            503 => ("Service Unavailable", "The service is unavailable."),
            _ => ("Internal Server Error", "An unexpected error prevented the server from fulfilling your request."),
        };
        if (fault.Status == 401) context.Response.Headers.WWWAuthenticate = $"Keystone uri=\"{context.BaseUrl()}/v3\"";
        return context.WriteJsonAsync(fault.Status, new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["code"] = fault.Status,
                ["message"] = fault.Message.Length > 0 ? fault.Message : usual,
                ["title"] = title,
            },
        });
    }

    public void Map(IEndpointRouteBuilder routes, SandboxState state)
    {
        routes.MapGet("/", context =>
        {
            context.Response.Headers.Location = context.BaseUrl() + "/v3/";
            return context.WriteJsonAsync(300,
                new JsonObject { ["versions"] = new JsonObject { ["values"] = new JsonArray(Version(context)) } });
        });
        routes.MapGet("/v3", context => context.WriteJsonAsync(200, new JsonObject { ["version"] = Version(context) }));
        new TokenRoutes(state).Map(routes);
        new CredentialRoutes(state).Map(routes);
        new DirectoryRoutes(state).Map(routes);
    }

    private static JsonObject Version(HttpContext context) => new()
    {
        ["id"] = "v3.14",
        ["status"] = "stable",
        ["updated"] = "2020-04-07T00:00:00Z",
        ["links"] = new JsonArray(new JsonObject { ["rel"] = "self", ["href"] = context.BaseUrl() + "/v3/" }),
        ["media-types"] =
            new JsonArray(new JsonObject { ["base"] = "application/json", ["type"] = "application/vnd.openstack.identity-v3+json" }),
    };
}
