using System.IO.Compression;
using System.Text;
using K2hdkcDbaas.Sandbox.K2hr3.Http;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Sandbox.K2hr3.Routes;

/// <summary>
/// /v1/extdata: templates of K2HR3's administrator with a role and its token put in. There is one, <c>dummy</c> for the client
/// <c>dummy-client</c>, as in the configurations that k2hr3_api comes with for developers.
/// </summary>
internal sealed class ExternalDataRoutes(SandboxState state, RegisterPaths paths)
{
    private const string Base = "/v1/extdata/";
    private const string Name = "dummy";
    private const string Agent = "dummy-client";

    public K2hr3Reply Answer(K2hr3Request request)
    {
        if (request.Method != "GET")
        {
            throw new K2hr3Refusal(404, "Internal server error");
        }

        var agent = request.UserAgent ?? throw new K2hr3Refusal(400, "GET request does not have User-Agent header");
        var rest = request.Path.Length > Base.Length ? request.Path[Base.Length..] : "";
        var slash = rest.LastIndexOf('/');
        if (slash <= 0 || slash == rest.Length - 1)
        {
            throw new K2hr3Refusal(400, "GET request url does not have extdata path parameter");
        }

        var name = rest[..slash];
        if (name != Name)
        {
            throw new K2hr3Refusal(400, $"GET request URL path({name}) does not exist");
        }

        if (!agent.Equals(Agent, StringComparison.OrdinalIgnoreCase))
        {
            throw new K2hr3Refusal(400, "GET request is not allowed from your client");
        }

        if (!paths.TryOpen(rest[(slash + 1)..], out var role, out var token))
        {
            throw new K2hr3Refusal(400, $"GET /extdata/{name}/<path> is invalid");
        }

        var text = Encoding.UTF8.GetBytes(Script(role, token));
        return request.AcceptEncoding.Split(',', StringSplitOptions.TrimEntries).Any(each => each.ToLowerInvariant() is "gzip" or "deflate")
            ? Zipped(text)
            : new K2hr3Reply(200, null) { Bytes = text, Headers = [("Content-Type", "text/x-shellscript; charset=\"us-ascii\"")] };
    }

    private string Script(string role, string token) => $"""
        #!/bin/sh
        ROLE_NAME="{role}"
        ROLE_TENANT="{(Yrn.TryParse(role, YrnKind.Role, out var yrn) ? $"{Yrn.Prefix}{yrn.Service}::{yrn.Tenant}" : "")}"
        ROLE_TOKEN="{token}"
        K2HR3_API_HOST="{state.Endpoints["k2hr3"].ToString().TrimEnd('/')}"
        ERROR_MSG=""

        """.ReplaceLineEndings("\n");

    private static K2hr3Reply Zipped(byte[] text)
    {
        var kept = new MemoryStream();
        using (var zip = new GZipStream(kept, CompressionLevel.Optimal, leaveOpen: true))
        {
            zip.Write(text);
        }

        return new K2hr3Reply(200, null)
        {
            Bytes = kept.ToArray(),
            Headers =
            [
                ("Content-Type", "application/zip"), ("Content-Encoding", "gzip"), ("Content-Transfer-Encoding", "binary"),
                ("Content-Disposition", "attachment; filename=k2hr3-extdata.gz"),
            ],
        };
    }
}
