using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using K2hdkcDbaas.Templates;
using Microsoft.AspNetCore.Http.Features;

namespace K2hdkcDbaas.Sandbox.K2hr3.Http;

/// <summary>A request as the real service's framework would hand it on.</summary>
internal sealed class K2hr3Request
{
    // The real service's JSON reader stops here.
    private const int MaxBody = 100 * 1024;

    private readonly IQueryCollection _query;

    private K2hr3Request(HttpContext context, string path, TemplateMap? body, K2hr3Version version)
    {
        IsOld = version == K2hr3Version.V1;
        _query = context.Request.Query;
        Method = context.Request.Method;
        Path = path;
        Body = body;
        ClientAddress = FindClient(context);
        AuthToken = context.Request.Headers.TryGetValue("x-auth-token", out var token) ? token.ToString() : null;
        UserAgent = context.Request.Headers.TryGetValue("user-agent", out var agent) ? agent.ToString() : null;
        AcceptEncoding = context.Request.Headers.AcceptEncoding.ToString();
    }

    /// <summary>Whether to behave as the older release.</summary>
    public bool IsOld { get; }

    public string Method { get; }

    /// <summary>The path; escapes of characters that have a meaning in URLs are left as they came.</summary>
    public string Path { get; }

    /// <summary>
    /// The JSON object of the body. An array or nothing counts as an empty object; null where the newer release has no body at all.
    /// </summary>
    public TemplateMap? Body { get; }

    /// <summary>Who asks: the nearest address that is not a loopback proxy.</summary>
    public string ClientAddress { get; }

    /// <summary>The x-auth-token header; null when there is none.</summary>
    public string? AuthToken { get; }

    public string? UserAgent { get; }

    public string AcceptEncoding { get; }

    public static async Task<K2hr3Request> ReadAsync(HttpContext context, K2hr3Version version)
    {
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2)[0];
        return new K2hr3Request(context, Decode(raw, version), await ReadBodyAsync(context, version).ConfigureAwait(false), version);
    }

    /// <summary>Whether the query has the name, with whatever value.</summary>
    public bool HasQuery(string name) => _query.ContainsKey(name);

    /// <summary>The value in the query; null when it is not there or there more than once.</summary>
    public string? Query(string name) => _query.TryGetValue(name, out var values) && values.Count == 1 ? values[0] : null;

    /// <summary>The value in the query unless it is empty.</summary>
    public string? FullQuery(string name) => Query(name) is { Length: > 0 } value ? value : null;

    /// <summary>What follows the given start of the path, lower case as names are; null when nothing does.</summary>
    public string? NameBehind(string start)
        => Path.StartsWith(start, StringComparison.Ordinal) && Path.Length > start.Length ? Path[start.Length..].ToLowerInvariant() : null;

    /// <summary>A port from the query: 0 when there is none, a refusal when it is no number.</summary>
    public int Port(bool hasBody)
    {
        if (FullQuery("port") is not { } text)
        {
            return 0;
        }

        if (!TryNumber(text, out var port) && !IsOld)
        {
            return 0;
        }

        return !double.IsNaN(port)
            ? (int)port
            : throw new K2hr3Refusal(400, hasBody ? $"{Method} request has port which is not number: {TemplateJson.Write(text)}" : null);
    }

    /// <summary>The cuk from the query; null when it is not there or blank.</summary>
    public string? Cuk() => Query("cuk")?.Trim() is { Length: > 0 } cuk ? cuk : null;

    /// <summary>A name as it stands in messages: the newer release quotes some.</summary>
    public string Quote(string text) => IsOld ? text : TemplateJson.Write(text);

    /// <summary>Whether JavaScript would take the text for a number.</summary>
    public static bool TryNumber(string text, out double number)
    {
        number = TemplateValues.Number(text);
        return !double.IsNaN(number);
    }

    private static string Decode(string raw, K2hr3Version version)
    {
        if (!raw.Contains('%', StringComparison.Ordinal))
        {
            return raw;
        }

        var bytes = new MemoryStream();
        for (var at = 0; at < raw.Length; at++)
        {
            if (raw[at] != '%')
            {
                bytes.WriteByte((byte)raw[at]);
            }
            else if (at + 2 < raw.Length
                && byte.TryParse(raw.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                if (";/?:@&=+$,#".Contains((char)value, StringComparison.Ordinal))
                {
                    bytes.Write(Encoding.ASCII.GetBytes(raw.Substring(at, 3)));
                }
                else
                {
                    bytes.WriteByte(value);
                }

                at += 2;
            }
            else
            {
                throw new K2hr3Refusal(version == K2hr3Version.V1 ? 400 : 500, "Internal server error");
            }
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static async Task<TemplateMap?> ReadBodyAsync(HttpContext context, K2hr3Version version)
    {
        var request = context.Request;
        var none = version == K2hr3Version.V1 ? new TemplateMap() : null;
        var type = request.ContentType?.Split(';')[0].Trim();
        if (type is null || !type.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            return none;
        }

        if (request.ContentLength is null && !request.Headers.ContainsKey("transfer-encoding"))
        {
            return none;
        }

        if (request.ContentLength > MaxBody)
        {
            throw new K2hr3Refusal(413, "Internal server error");
        }

        using var kept = new MemoryStream();
        var buffer = new byte[8192];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, context.RequestAborted).ConfigureAwait(false)) > 0)
        {
            kept.Write(buffer, 0, read);
            if (kept.Length > MaxBody)
            {
                throw new K2hr3Refusal(413, "Internal server error");
            }
        }

        if (kept.Length == 0)
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(kept.GetBuffer().AsMemory(0, (int)kept.Length));
            return TemplateJson.ToValue(document.RootElement) switch
            {
                TemplateMap map => map,
                List<object?> => none,
                _ => throw new K2hr3Refusal(400, "Internal server error"),
            };
        }
        catch (JsonException)
        {
            throw new K2hr3Refusal(400, "Internal server error");
        }
    }

    // Every loopback address is a trusted proxy; so the chain is followed to the first that is not, or to its end.
    private static string FindClient(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.Loopback;
        var chain = context.Request.Headers["X-Forwarded-For"].ToString()
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        for (var at = chain.Length - 1; at >= 0 && IPAddress.IsLoopback(address) && IPAddress.TryParse(chain[at], out var next); at--)
        {
            address = next;
        }

        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
    }
}
