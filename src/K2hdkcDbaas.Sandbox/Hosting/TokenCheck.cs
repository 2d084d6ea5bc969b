using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Keystone;

namespace K2hdkcDbaas.Sandbox;

/// <summary>What keystonemiddleware does in front of Nova, Glance, Neutron and Trove.</summary>
internal static class TokenCheck
{
    /// <summary>Text of Keystone's 401.</summary>
    public const string Refusal = "The request you have made requires authentication.";

    /// <summary>
    /// The caller's token with its project, or a 401. An unscoped token passes, as it does at the real services: it sees no project's
    /// things.
    /// </summary>
    public static (Token Token, string ProjectId) Member(this HttpContext context, SandboxState state) =>
        state.Identity.FindToken(context.Request.Headers["X-Auth-Token"]) is { } token
            ? (token, token.Project?.Id ?? "")
            : throw new ApiFault(401, Refusal);

    /// <summary>The middleware's own answer, in front of the service.</summary>
    public static Task WriteUnauthorizedAsync(HttpContext context, SandboxState state)
    {
        Challenge(context, state);
        return context.WriteJsonAsync(401, new JsonObject
        {
            ["error"] = new JsonObject { ["code"] = 401, ["title"] = "Unauthorized", ["message"] = Refusal },
        });
    }

    public static void Challenge(HttpContext context, SandboxState state) =>
        context.Response.Headers.WWWAuthenticate = $"Keystone uri=\"{state.Endpoints["keystone"].ToString().TrimEnd('/')}/v3\"";

    /// <summary>Error page of the web framework (WebOb), for clients that did not ask for JSON.</summary>
    public static async Task WriteHtmlAsync(HttpContext context, int status, string title, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=UTF-8";
        await context.Response.WriteAsync(
            $"<html>\n <head>\n  <title>{status} {title}</title>\n </head>\n <body>\n  <h1>{status} {title}</h1>\n  {text}<br /><br "
                + $"/>\n\n\n\n </body>\n</html>",
            context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>WebOb's error with an explanation and a detail, as JSON for those who ask for it and else as a page.</summary>
    public static Task WriteWebObAsync(HttpContext context, int status, string text, string detail)
    {
        var title = Title(status);
        return AsksForJson(context)
            ? context.WriteJsonAsync(status,
                new JsonObject { ["message"] = $"{text}<br /><br />\n{detail}\n\n", ["code"] = $"{status} {title}", ["title"] = title })
            : WriteHtmlAsync(context, status, title, text);
    }

    /// <summary>True when the client named JSON in Accept; what decides between WebOb's two error forms.</summary>
    public static bool AsksForJson(HttpContext context) =>
        context.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.Ordinal);

    /// <summary>HTTP's own name of a status.</summary>
    public static string Title(int status) =>
        Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } title ? title : "Error";
}
