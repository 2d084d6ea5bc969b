using System.Text.RegularExpressions;

namespace K2hdkcDbaas.Sandbox.Guests;

/// <summary>What the script in K2HR3's user data is told: where to register, as what, and with which token.</summary>
internal sealed record RoleScript(string Token, string Role, Uri Api)
{
    /// <summary>The resource of the role: the one of the same name.</summary>
    public string Resource => Role.Replace(":role:", ":resource:", StringComparison.Ordinal);
}

/// <summary>Reads user data as cloud-init does: follows includes and finds the script in what they lead to.</summary>
internal static partial class CloudInit
{
    [GeneratedRegex("^\\s*(?:export\\s+)?(?<name>K2HR3_[A-Z_]+)=[\"']?(?<value>[^\"'\\r\\n]*)",
        RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Assignment { get; }

    /// <summary>The URLs that user data includes; none when it includes nothing.</summary>
    public static IReadOnlyList<string> Includes(string userData)
    {
        var lines = userData.Split('\n', StringSplitOptions.TrimEntries);
        return lines[0] is "#include" or "#include-once"
            ? [.. lines.Skip(1).Where(line => line.Length > 0 && !line.StartsWith('#'))]
            : lines[0].StartsWith("#include ", StringComparison.Ordinal) ? [lines[0]["#include ".Length..].Trim()] : [];
    }

    /// <summary>The settings of K2HR3's script; null when the text holds no such script.</summary>
    public static RoleScript? FindScript(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match match in Assignment.Matches(text))
        {
            values.TryAdd(match.Groups["name"].Value, match.Groups["value"].Value.Trim());
        }

        return values.GetValueOrDefault("K2HR3_ROLE_TOKEN") is { Length: > 0 } token
            && values.GetValueOrDefault("K2HR3_ROLE_NAME") is { Length: > 0 } role
            && Uri.TryCreate(values.GetValueOrDefault("K2HR3_API_HOST_URI"), UriKind.Absolute, out var api)
            ? new RoleScript(token, role, api)
            : null;
    }
}
