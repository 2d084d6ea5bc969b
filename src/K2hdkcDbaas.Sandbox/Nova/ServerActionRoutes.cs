using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Keystone;

namespace K2hdkcDbaas.Sandbox.Nova;

/// <summary>/servers/{id}/action and what was done so far.</summary>
internal sealed class ServerActionRoutes(SandboxState state, ServerLife life)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/servers/{id}/action", ActAsync);
        routes.MapGet("/servers/{id}/os-instance-actions", context =>
        {
            var (token, _) = context.Enter(state);
            lock (state.Gate)
            {
                var server = ServerRoutes.Find(context, state, token);
                return context.WriteJsonAsync(200, new JsonObject
                {
                    ["instanceActions"] = JsonHttp.ToArray(server.Events, e => Describe(context, server, e)),
                });
            }
        });
    }

    private async Task ActAsync(HttpContext context)
    {
        var (token, _) = context.Enter(state);
        if (await context.ReadJsonAsync().ConfigureAwait(false) is not JsonObject { Count: 1 } body)
            throw new ApiFault(400, "Malformed request body");
        var (action, argument) = body.First();
        JsonObject? answer = null;
        var status = 202;
        lock (state.Gate)
        {
            var server = ServerRoutes.Find(context, state, token);
            switch (action)
            {
                case "os-getConsoleOutput":
                    (status, answer) = (200, ConsoleOutput(server, argument));
                    break;
                case "createImage":
                    answer = CreateImage(context, token, server, argument);
                    break;
                case "os-stop":
                    Need(server, "stop", "active", "error");
                    life.Record(server, "stop", context);
                    life.Stop(server);
                    break;
                case "os-start":
                    Need(server, "start", "stopped");
                    life.Record(server, "start", context);
                    life.Start(server);
                    break;
                case "reboot":
                    if (argument is not JsonObject)
                        throw NovaHttp.Schema("reboot", argument, $"{PythonText.Repr(argument)} is not of type 'object'");
                    var type = argument.Get("type") ?? throw NovaHttp.Schema("reboot", argument, "'type' is a required property");
                    if (type.AsText()?.ToUpperInvariant() is not ("HARD" or "SOFT"))
                        throw NovaHttp.Schema("type", type,
                            $"{PythonText.Repr(type)} is not one of ['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft']");
                    Need(server, "reboot",
                        type.AsText()!.Equals("HARD", StringComparison.OrdinalIgnoreCase) ? ["active", "stopped", "error"] : ["active"]);
                    life.Record(server, "reboot", context);
                    life.Reboot(server, type.AsText()!.Equals("HARD", StringComparison.OrdinalIgnoreCase));
                    break;
                case "os-resetState":
                    NovaHttp.Policy(token.IsAdmin, "os-admin-actions:reset_state");
                    if (argument.Get("state").AsText() is not ("active" or "error"))
                        throw NovaHttp.Schema("state", argument.Get("state"),
                            $"{PythonText.Repr(argument.Get("state"))} is not one of ['active', 'error']");
                    (server.VmState, server.TaskState) = (argument.Get("state").AsText()!, null);
                    break;
                case "forceDelete":
                    life.Record(server, "delete", context);
                    life.Delete(server);
                    break;
                default:
                    throw new ApiFault(400, $"There is no such action: {action}");
            }
        }
        if (answer is not null)
        {
            await context.WriteJsonAsync(status, answer).ConfigureAwait(false);
            return;
        }
        context.Response.StatusCode = status;
        context.Response.ContentType = action == "createImage" ? "text/html; charset=UTF-8" : "application/json";
    }

    private static JsonObject Describe(HttpContext context, Server server, ServerEvent done)
    {
        var body = new JsonObject
        {
            ["action"] = done.Action,
            ["instance_uuid"] = server.Id,
            ["request_id"] = done.RequestId,
            ["user_id"] = done.UserId,
            ["project_id"] = done.ProjectId,
            ["start_time"] = NovaHttp.Micro(done.Time),
            ["message"] = null,
        };
        if (context.Version() >= 58) body["updated_at"] = NovaHttp.Micro(done.Time);
        return body;
    }

    private JsonObject ConsoleOutput(Server server, JsonNode? argument)
    {
        if (argument is not JsonObject)
            throw NovaHttp.Schema("os-getConsoleOutput", argument, $"{PythonText.Repr(argument)} is not of type 'object'");
        if (server.VmState == "building") throw new ApiFault(409, $"Instance {server.Id} is not ready");
        if (!server.OnHost) throw new ApiFault(409, $"Instance {server.Id} is not ready");
        var length = argument.Get("length");
        if (length is not null && length.AsInt(lenient: true) is null)
            throw NovaHttp.Schema("length", length, $"{PythonText.Repr(length)} does not match '^-?[0-9]+$'");
        var text = state.Guests.ConsoleLog(server.Id);
        if (length.AsInt(lenient: true) is >= 0 and var lines) text = string.Join('\n', text.TrimEnd('\n').Split('\n').TakeLast(lines));
        return new JsonObject { ["output"] = text };
    }

    // Up to 2.44 the image is named by a Location header only, from 2.45 in the body only.
    private JsonObject? CreateImage(HttpContext context, Token token, Server server, JsonNode? argument)
    {
        if (argument is not JsonObject given)
            throw NovaHttp.Schema("createImage", argument, $"{PythonText.Repr(argument)} is not of type 'object'");
        var name = given["name"].AsText() ?? throw NovaHttp.Schema("createImage", given, "'name' is a required property");
        if (name.Length is 0 or > 255) throw NovaHttp.Schema("name", name, name.Length == 0 ? "'' is too short" : $"'{name}' is too long");
        var metadata = ServerRequest.MetadataOf(given["metadata"]);
        Need(server, "createImage", "active", "stopped");
        if (server.TaskState is not null)
            throw new ApiFault(409, $"Cannot 'createImage' instance {server.Id} while it is in task_state {server.TaskState}");
        life.Record(server, "createImage", context);
        var image = life.Snapshot(server, name, metadata, token.Roles.Select(r => r.Name));
        if (context.Version() >= 45) return new JsonObject { ["image_id"] = image.Id };
        context.Response.Headers.Location = $"{state.Endpoints["glance"].ToString().TrimEnd('/')}/images/{image.Id}";
        return null;
    }

    private static void Need(Server server, string action, params string[] vmStates)
    {
        if (!vmStates.Contains(server.VmState))
            throw new ApiFault(409, $"Cannot '{action}' instance {server.Id} while it is in vm_state {server.VmState}");
        if (server.TaskState is { } task && action != "createImage")
            throw new ApiFault(409, $"Cannot '{action}' instance {server.Id} while it is in task_state {task}");
    }
}
