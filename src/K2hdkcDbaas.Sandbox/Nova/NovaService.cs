using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Nova;

/// <summary>Nova 2.1 with microversions to 2.93.</summary>
internal sealed class NovaService(SandboxState state) : ISandboxService
{
    public string Name => "nova";

    public string? ServiceType => "compute";

    public string CatalogPath => "/v2.1";

    public void Prepare(HttpContext context)
    {
        var id = JsonHttp.NewRequestId();
        context.Response.Headers["x-openstack-request-id"] = id;
        context.Response.Headers["x-compute-request-id"] = id;
    }

    public Task WriteFaultAsync(HttpContext context, ApiFault fault)
    {
        if (fault.Status == 401) return TokenCheck.WriteUnauthorizedAsync(context, state);
        // A path that no extension takes never reaches Nova's own errors.
        if (fault is { Status: 404 or 405, Message.Length: 0 })
        {
            const string Text = "The resource could not be found.";
            return TokenCheck.AsksForJson(context)
                ? context.WriteJsonAsync(404,
                    new JsonObject { ["message"] = Text + "<br /><br />\n\n\n", ["code"] = "404 Not Found", ["title"] = "Not Found" })
                : TokenCheck.WriteHtmlAsync(context, 404, "Not Found", Text);
        }
        var (key, usual) = fault.Status switch
        {
            400 => ("badRequest", "The server could not comply with the request since it is either malformed or otherwise incorrect."),
            403 => ("forbidden", "Access was denied to this resource."),
            404 => ("itemNotFound", "The resource could not be found."),
            405 => ("badMethod", "The method specified is not allowed for this resource."),
            409 => ("conflictingRequest", "There was a conflict."),
            413 or 429 => ("overLimit", "This request was rate-limited."),
            415 => ("badMediaType", "Unsupported Content-Type"),
            501 => ("notImplemented", "This feature is not implemented."),
            503 => ("serviceUnavailable", "The server is currently unavailable. Please try again at a later time."),
            _ => ("computeFault",
                "Unexpected API Error. Please report this at http://bugs.launchpad.net/nova/ and attach the Nova API log if "
                    + "possible.\n<class 'oslo_messaging.exceptions.MessagingTimeout'>"),
        };
        return context.WriteJsonAsync(fault.Status, new JsonObject
        {
            [key] = new JsonObject { ["code"] = fault.Status, ["message"] = fault.Message.Length > 0 ? fault.Message : usual },
        }, "application/json; charset=UTF-8");
    }

    public void Map(IEndpointRouteBuilder routes, SandboxState _)
    {
        routes.MapGet("/", context => context.WriteJsonAsync(200, new JsonObject
        {
            ["versions"] = new JsonArray(
                new JsonObject
                {
                    ["id"] = "v2.0",
                    ["status"] = "SUPPORTED",
                    ["version"] = "",
                    ["min_version"] = "",
                    ["updated"] = "2011-01-21T11:33:21Z",
                    ["links"] = new JsonArray(new JsonObject { ["rel"] = "self", ["href"] = context.BaseUrl() + "/v2/" }),
                },
                Version(context, full: false)),
        }));
        routes.MapGet("/v2.1", context =>
        {
            Microversion.Negotiate(context);
            return context.WriteJsonAsync(200, new JsonObject { ["version"] = Version(context, full: true) });
        });
        var group = routes.MapGroup("/v2.1");
        var machines = new ServerLife(state);
        new ServerRoutes(state, machines).Map(group);
        new ServerActionRoutes(state, machines).Map(group);
        new ServerDetailRoutes(state).Map(group);
        new FlavorRoutes(state).Map(group);
        new KeyPairRoutes(state).Map(group);
        new ComputeLimitRoutes(state).Map(group);
    }

    private static JsonObject Version(HttpContext context, bool full)
    {
        var body = new JsonObject
        {
            ["id"] = "v2.1",
            ["status"] = "CURRENT",
            ["version"] = $"2.{Microversion.Highest}",
            ["min_version"] = $"2.{Microversion.Lowest}",
            ["updated"] = "2013-07-23T11:33:21Z",
            ["links"] = new JsonArray(new JsonObject { ["rel"] = "self", ["href"] = context.BaseUrl() + "/v2.1/" }),
        };
        if (!full) return body;
        ((JsonArray)body["links"]!)
            .Add(new JsonObject { ["rel"] = "describedby", ["type"] = "text/html", ["href"] = "http://docs.openstack.org/" });
        body["media-types"] =
            new JsonArray(new JsonObject
            {
                ["base"] = "application/json",
                ["type"] = "application/vnd.openstack.compute+json;version=2.1"
            });
        return body;
    }
}
