using System.Net;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;

namespace K2hdkcDbaas.OpenStack.Wire;

/// <summary>What the services' interfaces share: listing by markers, and deleting what may be gone already.</summary>
internal static class Pages
{
    /// <summary>
    /// Lists all pages. Of a next link only the marker is taken: Trove's links begin with https:// whatever the endpoint is, and none is
    /// worth following blindly.
    /// </summary>
    public static async IAsyncEnumerable<TItem> AllAsync<TPage, TItem>(string service, Func<string?, CancellationToken, Task<TPage>> read,
        Func<TPage, IReadOnlyList<TItem>> items, Func<TPage, string?> next, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? marker = null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        ServiceException Unusable(string problem) =>
            new(ErrorKind.InvalidResponse, ServiceErrorIds.InvalidResponse, $"{service} answered with {problem}.",
                "Tell the service's administrator.")
            { Service = service };

        while (true)
        {
            var page = await read(marker, cancellationToken).ConfigureAwait(false);
            foreach (var item in items(page)) yield return item;
            if (next(page) is not { } link) yield break;
            marker = MarkerOf(link) ?? throw Unusable("a link to a next page that has no marker");
            if (!seen.Add(marker) || items(page).Count == 0) throw Unusable("a next page that does not move on");
        }
    }

    /// <summary>Whether what was to be deleted was there.</summary>
    /// <param name="delete">The deletion, under way.</param>
    public static async Task<bool> WasThereAsync(Task delete)
    {
        try
        {
            await delete.ConfigureAwait(false);
            return true;
        }
        catch (ServiceException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    private static string? MarkerOf(string link)
    {
        var start = link.IndexOf('?', StringComparison.Ordinal);
        if (start < 0) return null;
        foreach (var pair in link[(start + 1)..].Split('&'))
        {
            if (pair.StartsWith("marker=", StringComparison.Ordinal) && pair.Length > 7)
                return Uri.UnescapeDataString(pair[7..].Replace('+', ' '));
        }
        return null;
    }
}

internal sealed record LinkBody(string Rel, string Href)
{
    public static string? Next(IReadOnlyList<LinkBody>? links) => links?.FirstOrDefault(l => l.Rel == "next")?.Href;
}
