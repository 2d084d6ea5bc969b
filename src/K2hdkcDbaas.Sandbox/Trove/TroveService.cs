using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Trove;

/// <summary>Trove v1.0 with the k2hdkc datastore.</summary>
internal sealed class TroveService(SandboxState state) : ISandboxService
{
    public string Name => "trove";

    public string? ServiceType => "database";

    public string CatalogPath => "/v1.0/{project_id}";

    // Trove has three error forms: Nova's, the token check's, and WebOb's own for what the middleware in front refuses.
    public Task WriteFaultAsync(HttpContext context, ApiFault fault)
    {
        if (fault.Status == 401 && fault.Message is "" or TokenCheck.Refusal) return TokenCheck.WriteUnauthorizedAsync(context, state);
        if ((fault.Status == 403 && fault.Kind is null) || fault.Kind == TroveHttp.MalformedBody)
        {
            var title = TokenCheck.Title(fault.Status);
            var (head, tail) = fault.Status == 403
                ? ("Access was denied to this resource.", fault.Message)
                : (fault.Message, "");
            return TokenCheck.AsksForJson(context)
                ? context.WriteJsonAsync(fault.Status, new JsonObject
                {
                    ["message"] = $"{head}<br /><br />\n{tail}\n\n",
                    ["code"] = $"{fault.Status} {title}",
                    ["title"] = title,
                })
                : TokenCheck.WriteHtmlAsync(context, fault.Status, title, head);
        }
        // Trove routes by path and method at once: a wrong method finds nothing.
        if (fault is { Status: 405, Message.Length: 0 }) fault = new ApiFault(404, "");
        var (key, usual) = fault.Status switch
        {
            400 => ("badRequest", "The server could not comply with the request since it is either malformed or otherwise incorrect."),
            401 => ("unauthorized", "User does not have admin privileges."),
            403 => ("forbidden", "Access was denied to this resource."),
            404 or 405 => ("itemNotFound", "The resource could not be found."),
            409 => ("conflict", "There was a conflict."),
            413 or 429 => ("overLimit", "Quota exceeded for resources."),
            415 => ("badMediaType", "Unsupported Content-Type"),
            422 => ("unprocessableEntity", "Unable to process the contained request"),
            501 => ("notImplemented", "The server does not support the functionality required to fulfill the request."),
            503 => ("serviceUnavailable", "The server is currently unavailable. Please try again at a later time."),
            _ => ("instanceFault",
                $"Internal Server Error. Please keep this ID to help us figure out what went wrong: ({Guid.NewGuid()})."),
        };
        return context.WriteJsonAsync(fault.Status, new JsonObject
        {
            [key] = new JsonObject { ["code"] = fault.Status, ["message"] = fault.Message.Length > 0 ? fault.Message : usual },
        });
    }

    public void Map(IEndpointRouteBuilder routes, SandboxState _)
    {
        routes.MapGet("/", context => context.WriteJsonAsync(200, new JsonObject
        {
            ["versions"] = new JsonArray(new JsonObject
            {
                ["id"] = "v1.0",
                ["status"] = "CURRENT",
                ["updated"] = "2012-08-01T00:00:00Z",
                ["links"] = new JsonArray(new JsonObject { ["rel"] = "self", ["href"] = context.BaseUrl() + "/v1.0/" }),
            }),
        }));
        var group = routes.MapGroup("/v1.0/{project}");
        var life = new DatabaseLife(state);
        new DatastoreRoutes(state).Map(group);
        new ConfigurationRoutes(state, life).Map(group);
        new InstanceRoutes(state, life).Map(group);
        new ClusterRoutes(state, life).Map(group);
        new BackupRoutes(state, life).Map(group);
    }
}
