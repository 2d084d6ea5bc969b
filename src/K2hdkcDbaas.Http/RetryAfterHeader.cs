using System.Globalization;
using System.Net.Http.Headers;

namespace K2hdkcDbaas.Http;

/// <summary>
/// Reads Retry-After as services write it: whole seconds and dates, and what .NET's own reading drops, fractions and seconds beyond an int.
/// </summary>
internal static class RetryAfterHeader
{
    /// <summary>
    /// The wait that is asked for, never negative and never shorter than asked; null when the header is absent or says nothing.
    /// </summary>
    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (!headers.NonValidated.TryGetValues("Retry-After", out var values)) return null;
        var text = values.First().Trim();
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds >= 0)
            return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(Math.Ceiling(seconds)) : TimeSpan.MaxValue;
        if (!RetryConditionHeaderValue.TryParse(text, out var parsed) || parsed.Date is not { } date) return null;
        return date > now ? date - now : TimeSpan.Zero;
    }
}
