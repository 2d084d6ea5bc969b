using System.Globalization;
using System.Text.RegularExpressions;

namespace K2hdkcDbaas.Sandbox.Nova;

/// <summary>Nova's microversions: 2.1 to 2.93 by one of two headers, answered in both.</summary>
internal static partial class Microversion
{
    public const int Lowest = 1;
    public const int Highest = 93;
    private const string Key = "nova.microversion";

    /// <summary>The minor number that this request asked for; 1 without a header.</summary>
    public static int Version(this HttpContext context) => context.Items[Key] as int? ?? Lowest;

    /// <summary>Reads the header and sets the answer's ones; 400 for nonsense, 406 for a version out of range.</summary>
    public static void Negotiate(HttpContext context)
    {
        var asked = Asked(context.Request.Headers);
        if (asked is null)
        {
            Answer(context, "2.1", Lowest);
            return;
        }
        if (asked == "latest")
        {
            Answer(context, $"2.{Highest}", Highest);
            return;
        }
        if (Form().Match(asked) is not { Success: true } match)
            throw new ApiFault(400, $"API Version String {asked} is of invalid format. Must be of format MajorNum.MinorNum.");
        var known = match.Groups[1].Value == "2"
            && int.TryParse(match.Groups[2].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;
        Answer(context, asked, known);
        if (known is < Lowest or > Highest)
            throw new ApiFault(406, $"Version {asked} is not supported by the API. Minimum is 2.{Lowest} and maximum is 2.{Highest}.");
    }

    private static string? Asked(IHeaderDictionary headers)
    {
        foreach (var part in headers["OpenStack-API-Version"].ToString().Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith("compute ", StringComparison.OrdinalIgnoreCase)) return part["compute ".Length..].Trim();
        }
        return headers["X-OpenStack-Nova-API-Version"].ToString() is { Length: > 0 } old ? old.Trim() : null;
    }

    private static void Answer(HttpContext context, string version, int minor)
    {
        context.Items[Key] = minor;
        context.Response.Headers["OpenStack-API-Version"] = "compute " + version;
        context.Response.Headers["X-OpenStack-Nova-API-Version"] = version;
        context.Response.Headers.Vary = new[] { "OpenStack-API-Version", "X-OpenStack-Nova-API-Version" };
    }

    [GeneratedRegex(@"^([1-9]\d*)\.([1-9]\d*|0)$")]
    private static partial Regex Form();
}
