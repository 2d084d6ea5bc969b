using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace K2hdkcDbaas.Http;

/// <summary>
/// Masks secrets in whatever is shown: by their place (members, query keys, paths), by their look, and by their very value once it is
/// known.
/// </summary>
public sealed partial class Redactor
{
    /// <summary>What stands for a secret.</summary>
    public const string Mask = "***";

    private const int MaxBody = 4096;
    private const int ShortestSecret = 4;

    private static readonly HashSet<string> SecretMembers = new(StringComparer.OrdinalIgnoreCase)
    {
        "password", "passphrase", "secret", "adminPass", "admin_pass", "user_data", "OS-EXT-SRV-ATTR:user_data", "registerpath",
        "private_key",
        "x-auth-token", "x-subject-token", "tokens", "swift_tempurl", "original_password",
    };

    private readonly ConcurrentDictionary<string, byte> _known = new(StringComparer.Ordinal);

    /// <summary>Adds a secret whose value must never be shown, wherever it turns up. Very short ones are left to their place.</summary>
    /// <param name="secret">The value; null and empty are ignored.</param>
    public void Learn(string? secret)
    {
        if (secret is null || secret.Length < ShortestSecret) return;
        _known.TryAdd(secret, 0);
        var escaped = Uri.EscapeDataString(secret);
        if (escaped != secret) _known.TryAdd(escaped, 0);
    }

    /// <summary>Forgets secrets that are of no use any more, so that a long session does not gather them.</summary>
    /// <param name="secret">The value.</param>
    public void Forget(string? secret)
    {
        if (secret is not null) _known.TryRemove(secret, out _);
    }

    /// <summary>Masks the secrets of an address.</summary>
    /// <param name="uri">The address.</param>
    public string Url(Uri uri)
    {
        var text = uri.IsAbsoluteUri && uri.UserInfo.Length > 0
            ? uri.AbsoluteUri.Replace(uri.UserInfo + "@", Mask + "@", StringComparison.Ordinal)
            : uri.ToString();
        return Text(text);
    }

    /// <summary>Masks the secrets in a message.</summary>
    /// <param name="text">Any text.</param>
    public string Text(string text)
    {
        foreach (var secret in _known.Keys) text = text.Replace(secret, Mask, StringComparison.Ordinal);
        text = SecretQuery().Replace(text, "$1" + Mask);
        text = SecretPath().Replace(text, "$1" + Mask);
        text = KeystoneToken().Replace(text, Mask);
        text = RoleToken().Replace(text, Mask);
        return SecretArgument().Replace(text, "$1" + Mask + ")");
    }

    /// <summary>A body for a trace: JSON with its secrets masked, anything else by its size alone; cut to 4 KiB.</summary>
    /// <param name="body">The body.</param>
    /// <param name="contentType">Its media type, if known.</param>
    public string? Body(ReadOnlyMemory<byte> body, string? contentType)
    {
        if (body.IsEmpty) return null;
        try
        {
            using var json = JsonDocument.Parse(body);
            using var buffer = new MemoryStream();
            using (var writer =
                new Utf8JsonWriter(buffer,
                    new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
                Write(writer, json.RootElement, null);
            var text = Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
            return text.Length <= MaxBody ? text : string.Concat(text.AsSpan(0, MaxBody), "...");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Also for a text in it that is no UTF-8.
            return $"<{body.Length} bytes of {contentType ?? "unknown content"}>";
        }
    }

    private void Write(Utf8JsonWriter writer, JsonElement element, string? name)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject())
                {
                    if (IsSecret(name, member)) writer.WriteString(member.Name, Mask);
                    else
                    {
                        writer.WritePropertyName(member.Name);
                        Write(writer, member.Value, member.Name);
                    }
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray()) Write(writer, item, name);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Text(element.GetString()!));
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    // "password" is an object in a Keystone login and a secret inside it; "token" is an object whose id is the secret, or the secret
    // itself.
    private static bool IsSecret(string? parent, JsonProperty member) =>
        member.Name.Equals("password", StringComparison.OrdinalIgnoreCase) ? member.Value.ValueKind is not JsonValueKind.Object
        : SecretMembers.Contains(member.Name)
          || (member.Name == "token" && member.Value.ValueKind == JsonValueKind.String)
          || (member.Name == "id" && parent == "token");

    [GeneratedRegex(@"(?i)([?&](?:password|passphrase|secret|token|registerpath|user_data|x-auth-token)=)[^&#\s""']*")]
    private static partial Regex SecretQuery();

    // K2HR3: who has the register path gets the role token; a role token stands in the path when it is deleted.
    [GeneratedRegex(@"(/v1/userdata/|/v1/extdata/[^/\s?]+/)[^\s?""'\\]+")]
    private static partial Regex SecretPath();

    [GeneratedRegex(@"gAAAA[A-Za-z0-9_\-=%]{16,}")]
    private static partial Regex KeystoneToken();

    [GeneratedRegex(@"(?<![0-9A-Fa-f])[0-9a-f]{64}(?![0-9A-Fa-f])")]
    private static partial Regex RoleToken();

    // K2HR3 quotes tokens in its words: "token(...) is not existed".
    [GeneratedRegex(@"(?i)(token\()[^)]+\)")]
    private static partial Regex SecretArgument();
}
