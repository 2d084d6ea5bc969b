using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Glance;

/// <summary>Glance v2: versions and images.</summary>
internal sealed class GlanceService(SandboxState state) : ISandboxService
{
    private static readonly string[] Versions =
        ["v2.15", "v2.13", "v2.12", "v2.11", "v2.10", "v2.9", "v2.8", "v2.7", "v2.6", "v2.5", "v2.4", "v2.3", "v2.2", "v2.1", "v2.0"];

    public string Name => "glance";

    public string? ServiceType => "image";

    public string CatalogPath => "";

    public void Prepare(HttpContext context) => context.Response.Headers["x-openstack-request-id"] = JsonHttp.NewRequestId();

    public Task WriteFaultAsync(HttpContext context, ApiFault fault)
    {
        var title = TokenCheck.Title(fault.Status);
        var text = fault.Message.Length > 0 && fault.Status != 401 ? fault.Message : fault.Status switch
        {
            401 => "This server could not verify that you are authorized to access the document you requested. Either you supplied the "
                + "wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.",
            404 => "The resource could not be found.",
            503 => "The server is currently unavailable. Please try again at a later time.",
            >= 500 => "The server has either erred or is incapable of performing the requested operation.",
            _ => "The server could not comply with the request since it is either malformed or otherwise incorrect.",
        };
        if (fault.Status == 401) TokenCheck.Challenge(context, state);
        // Some refusals are WebOb's own sentence with Glance's beneath.
        if (fault.Kind == ImageRoutes.Beneath)
            return TokenCheck.WriteWebObAsync(context,
                fault.Status, fault.Status == 403
                    ? "Access was denied to this resource."
                    : "There was a conflict when trying to complete your request.", text);
        if (fault.Status == 415)
            return context.WriteJsonAsync(415,
                new JsonObject { ["message"] = text + "\n<br /><br />\n", ["code"] = $"415 {title}", ["title"] = title });
        return TokenCheck.AsksForJson(context)
            ? context.WriteJsonAsync(fault.Status, new JsonObject
            {
                ["message"] = text + "<br /><br />\n\n\n",
                ["code"] = $"{fault.Status} {title}",
                ["title"] = title,
            })
            : TokenCheck.WriteHtmlAsync(context, fault.Status, title, text);
    }

    public void Map(IEndpointRouteBuilder routes, SandboxState _)
    {
        routes.MapGet("/", context => WriteVersions(context, 300));
        routes.MapGet("/versions", context => WriteVersions(context, 200));
        new ImageRoutes(state).Map(routes);
    }

    private static Task WriteVersions(HttpContext context, int status) => context.WriteJsonAsync(status, new JsonObject
    {
        ["versions"] = JsonHttp.ToArray(Versions, v => new JsonObject
        {
            ["id"] = v,
            ["status"] = v == Versions[0] ? "CURRENT" : "SUPPORTED",
            ["links"] = new JsonArray(new JsonObject { ["rel"] = "self", ["href"] = context.BaseUrl() + "/v2/" }),
        }),
    });
}
