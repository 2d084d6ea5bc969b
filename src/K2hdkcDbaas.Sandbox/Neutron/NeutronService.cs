using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Neutron;

/// <summary>Neutron v2.0: networks, subnets, ports, security groups with rules, quotas, extensions.</summary>
internal sealed class NeutronService(SandboxState state) : ISandboxService
{
    public string Name => "neutron";

    public string? ServiceType => "network";

    public string CatalogPath => "";

    public void Prepare(HttpContext context) => context.Response.Headers["x-openstack-request-id"] = JsonHttp.NewRequestId();

    public Task WriteFaultAsync(HttpContext context, ApiFault fault)
    {
        if (fault.Status == 401) return TokenCheck.WriteUnauthorizedAsync(context, state);
        var (type, usual) = fault.Status switch
        {
            400 => ("HTTPBadRequest", "The server could not comply with the request since it is either malformed or otherwise incorrect."),
            403 => ("PolicyNotAuthorized", "rule:default is disallowed by policy"),
            404 => ("HTTPNotFound", "The resource could not be found."),
            405 => ("HTTPMethodNotAllowed", "The method specified is not allowed for this resource."),
            409 => ("Conflict", "There was a conflict."),
            503 => ("HTTPServiceUnavailable", "The server is currently unavailable. Please try again at a later time."),
            _ => ("HTTPInternalServerError", "Request Failed: internal server error while processing your request."),
        };
        return context.WriteJsonAsync(fault.Status, new JsonObject
        {
            ["NeutronError"] = new JsonObject
            {
                ["type"] = fault.Kind ?? type,
                ["message"] = fault.Message.Length > 0 ? fault.Message : usual,
                ["detail"] = "",
            },
        });
    }

    public void Map(IEndpointRouteBuilder routes, SandboxState _)
    {
        routes.MapGet("/", context => context.WriteJsonAsync(200, new JsonObject
        {
            ["versions"] = new JsonArray(new JsonObject
            {
                ["id"] = "v2.0",
                ["status"] = "CURRENT",
                ["links"] = new JsonArray(new JsonObject { ["rel"] = "self", ["href"] = context.BaseUrl() + "/v2.0/" }),
            }),
        }));
        new NetworkRoutes(state).Map(routes);
        new SecurityGroupRoutes(state).Map(routes);
        new NeutronQuotaRoutes(state).Map(routes);
    }
}
