using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Sandbox.Admin;

/// <summary>
/// The sandbox's own controls over HTTP on a port of their own: /sandbox/faults, /sandbox/rings, /sandbox/calls, /sandbox/clock,
/// /sandbox/quotas, /sandbox/pod-faults, /sandbox/kubernetes.
/// </summary>
internal static class AdminEndpoint
{
    public static void Configure(WebApplication app, SandboxState state)
    {
        Map(app, "GET", "/sandbox/faults",
            _ => Json(JsonSerializer.Serialize(state.Faults.All, SandboxJson.Default.IReadOnlyListFaultRuleUse)));
        Map(app, "DELETE", "/sandbox/faults", _ => Done(state.Faults.Clear));
        Map(app, "POST", "/sandbox/faults", body => Done(() => state.Faults.Add(
            body.Deserialize(SandboxJson.Default.FaultRule) ?? throw new JsonException("The body must be a fault rule."))));

        Map(app, "DELETE", "/sandbox/rings", _ => Done(state.RingFaults.Clear));
        Map(app, "POST", "/sandbox/rings",
            body => Done(() =>
                state.RingFaults.StickNextMerge(Text(body, "cluster"), Enum.Parse<MergeProgress>(Text(body, "stick"), ignoreCase: true))));

        Map(app, "GET", "/sandbox/calls",
            _ => Json(JsonSerializer.Serialize(state.Calls.All, SandboxJson.Default.IReadOnlyListReceivedCall)));
        Map(app, "DELETE", "/sandbox/calls", _ => Done(state.Calls.Clear));

        Map(app, "GET", "/sandbox/clock", _ => Clock(state));
        Map(app, "POST", "/sandbox/clock", body =>
        {
            if (body["speed"] is { } speed) state.Clock.Speed = speed.GetValue<double>();
            if (body["advance_seconds"] is { } seconds) state.Clock.Advance(TimeSpan.FromSeconds(seconds.GetValue<double>()));
            return Clock(state);
        });

        Map(app, "GET", "/sandbox/quotas", _ => Json(Quotas.All(state).ToJsonString()));
        Map(app, "POST", "/sandbox/quotas",
            body => Done(() => Quotas.Set(state, Text(body, "project"), Text(body, "service"), Text(body, "resource"),
                body["limit"].AsInt() ?? throw new JsonException("'limit' must be a whole number."))));

        Map(app, "GET", "/sandbox/pod-faults",
            _ => Json(JsonSerializer.Serialize(state.Kubernetes.Faults.All, SandboxJson.Default.IReadOnlyListPodFault)));
        Map(app, "DELETE", "/sandbox/pod-faults", _ => Done(state.Kubernetes.Faults.Clear));
        Map(app, "POST", "/sandbox/pod-faults", body => Done(() => state.Kubernetes.Faults.Add(
            body.Deserialize(SandboxJson.Default.PodFault) ?? throw new JsonException("The body must be a fault of pods."))));
        Map(app, "POST", "/sandbox/kubernetes", body => Done(() =>
        {
            if (body["cut_watches"] is { } cut && cut.GetValue<bool>()) state.Kubernetes.Watches.Cut();
            if (body["compact"] is { } compact && compact.GetValue<bool>()) state.Kubernetes.Store.Compact();
        }));

        Map(app, "GET", "/sandbox/problems", _ => Json(new JsonArray([.. state.Problems.Select(p => JsonValue.Create(p))]).ToJsonString()));
    }

    private static (int, string?) Json(string body) => (200, body);

    private static string Text(JsonObject body, string name) => body[name].AsText() ?? throw new JsonException($"'{name}' must be a text.");

    private static (int, string?) Done(Action action)
    {
        action();
        return (204, null);
    }

    private static (int, string?) Clock(SandboxState state) => Json(new JsonObject
    {
        ["now"] = state.Now.ToString("O", CultureInfo.InvariantCulture),
        ["speed"] = state.Clock.Speed,
    }.ToJsonString());

    private static void Map(IEndpointRouteBuilder routes, string method, string path,
        Func<JsonObject, (int Status, string? Body)> handle) =>
        routes.MapMethods(path, [method], async context =>
        {
            var (status, body) = (400, (string?)null);
            try
            {
                var input = context.Request.Method == "POST"
                    ? await JsonNode.ParseAsync(context.Request.Body,
                        cancellationToken: context.RequestAborted).ConfigureAwait(false) as JsonObject
                    : [];
                (status, body) = handle(input ?? throw new JsonException("The body must be a JSON object."));
            }
            catch (Exception e) when (e is JsonException or ArgumentException or FormatException or InvalidOperationException)
            {
                body = new JsonObject { ["error"] = e.Message }.ToJsonString();
            }
            context.Response.StatusCode = status;
            if (body is null) return;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
        });
}
