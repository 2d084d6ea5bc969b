using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using K2hdkcDbaas.Sandbox.K2hr3.Http;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Sandbox.K2hr3.Routes;

/// <summary>/v1/userdata: what cloud-init fetches in a new machine. The path alone is the permission.</summary>
internal sealed partial class UserDataRoutes(SandboxState state, RegisterPaths paths)
{
    private const string NewLine = "\r\n";

    [GeneratedRegex("cloud-init/([0-9]+).([0-9]+).([0-9]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Agent { get; }

    public K2hr3Reply Answer(K2hr3Request request)
    {
        if (request.Method != "GET")
        {
            throw new K2hr3Refusal(404, "Internal server error");
        }

        var agent = request.UserAgent?.ToLowerInvariant() ?? throw new K2hr3Refusal(400, "GET request does not have User-Agent header");
        if (!agent.Contains("cloud-init", StringComparison.Ordinal))
        {
            throw new K2hr3Refusal(400, "GET request is not allowed from your client");
        }

        const string start = "/v1/userdata/";
        if (request.Path.Length <= start.Length)
        {
            throw new K2hr3Refusal(400, "GET request url does not have userdata path parameter");
        }

        var parts = paths.TryOpen(request.Path[start.Length..], out var role, out var token)
            ? new[] { ("text/cloud-config", "k2hr3-cloud-config.txt", UserDataScripts.CloudConfig),
                ("text/x-shellscript", "k2hr3-init.sh", Script(role, token)) }
            : [("text/x-shellscript", "k2hr3-init-error.sh", UserDataScripts.Error("Get userdata path is invalid."))];
        return WantsGzip(agent, request.AcceptEncoding) ? Zipped(parts) : Plain(parts);
    }

    private string Script(string role, string token)
    {
        var tenant = Yrn.TryParse(role, YrnKind.Role, out var yrn) ? $"{Yrn.Prefix}{yrn.Service}::{yrn.Tenant}" : "";
        return UserDataScripts.Init(token, role, tenant, state.Endpoints["k2hr3"].ToString().TrimEnd('/'));
    }

    private static bool WantsGzip(string agent, string accepted)
    {
        int Number(Match match, int group) =>
            int.TryParse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : int.MaxValue;

        var match = Agent.Match(agent);
        return (match.Success && (Number(match, 1) > 0 || Number(match, 2) > 7 || Number(match, 3) >= 9))
            || accepted.Split(',', StringSplitOptions.TrimEntries)
                .Any(each => each.Equals("gzip", StringComparison.OrdinalIgnoreCase)
                    || each.Equals("deflate", StringComparison.OrdinalIgnoreCase));
    }

    private string Boundary() => $"================K2HR3INIT{state.Now.ToUnixTimeMilliseconds()}==";

    private K2hr3Reply Plain((string Type, string Name, string Text)[] parts)
    {
        var boundary = Boundary();
        return new K2hr3Reply(200, null)
        {
            Bytes = Encoding.UTF8.GetBytes(Body(boundary, parts)),
            Headers = [("Content-Type", $"multipart/mixed; boundary=\"{boundary}\"; charset=utf-8"), ("MIME-Version", "1.0"),
                ("Number-Attachments", $"{parts.Length}")],
        };
    }

    private K2hr3Reply Zipped((string Type, string Name, string Text)[] parts)
    {
        var boundary = Boundary();
        var text = $"Content-Type: multipart/mixed; boundary=\"{boundary}\"{NewLine}MIME-Version: 1.0{NewLine}Number-Attachments: "
            + $"{parts.Length}{NewLine}{NewLine}{Body(boundary, parts)}";
        var kept = new MemoryStream();
        using (var zip = new GZipStream(kept, CompressionLevel.Optimal, leaveOpen: true))
        {
            zip.Write(Encoding.UTF8.GetBytes(text));
        }

        return new K2hr3Reply(200, null)
        {
            Bytes = kept.ToArray(),
            Headers =
            [
                ("Content-Type", "application/zip"), ("Content-Encoding", "gzip"), ("Content-Transfer-Encoding", "binary"),
                ("Content-Disposition", "attachment; filename=k2hr3-userdata.gz"),
            ],
        };
    }

    private static string Body(string boundary, (string Type, string Name, string Text)[] parts)
    {
        var body = new StringBuilder();
        foreach (var (type, name, text) in parts)
        {
            body.Append(CultureInfo.InvariantCulture,
                $"--{boundary}{NewLine}MIME-Version: 1.0{NewLine}Content-Type: {type}; charset=\"us-ascii\"{NewLine}")
                .Append(CultureInfo.InvariantCulture,
                    $"Content-Transfer-Encoding: 7bit{NewLine}Content-Disposition: attachment; "
                        + $"filename=\"{name}\"{NewLine}{NewLine}{text}{NewLine}");
        }

        return body.Append(CultureInfo.InvariantCulture, $"--{boundary}--{NewLine}").ToString();
    }
}
