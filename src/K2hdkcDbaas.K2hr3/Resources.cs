using System.Text.Json;
using System.Text.Json.Serialization;

namespace K2hdkcDbaas.K2hr3;

/// <summary>A resource as K2HR3 shows it.</summary>
public sealed record Resource
{
    /// <summary>Its text: the template, or what it expands to; null for none.</summary>
    [JsonPropertyName("string")]
    public string? Text { get; init; }

    /// <summary>Its object; null for none.</summary>
    [JsonPropertyName("object")]
    public JsonElement? Data { get; init; }

    /// <summary>Its keys; expanded, they hold the parents' and the template's variables as well.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Keys { get; init; }

    /// <summary>When it ends; null for never.</summary>
    public JsonElement? Expire { get; init; }

    /// <summary>The resources it takes more from; only when not expanded.</summary>
    public IReadOnlyList<string>? Aliases { get; init; }

    /// <summary>A key's text, whether K2HR3 holds a text or a number; null for none.</summary>
    /// <param name="key">The key.</param>
    public string? Key(string key) => Keys is not null && Keys.TryGetValue(key, out var value)
        ? value.ValueKind switch { JsonValueKind.String => value.GetString(), JsonValueKind.Null => null, _ => value.GetRawText() }
        : null;
}

/// <summary>What a resource shall be. What is null stays as it is.</summary>
public sealed record ResourceChange
{
    /// <summary>Its text; empty clears it.</summary>
    public string? Text { get; init; }

    /// <summary>Its object; given alone, without <see cref="Text"/>, since K2HR3 takes one of the two at a time.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>Its keys, all of them; an empty map clears them.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Keys { get; init; }

    /// <summary>The full names of resources it takes more from; an empty list clears them.</summary>
    public IReadOnlyList<string>? Aliases { get; init; }

    /// <summary>A text as a key's value.</summary>
    /// <param name="value">The text.</param>
    public static JsonElement Value(string value) => JsonSerializer.SerializeToElement(value, K2hr3Json.Default.String);

    /// <summary>A number as a key's value; ports are numbers.</summary>
    /// <param name="value">The number.</param>
    public static JsonElement Value(long value) => JsonSerializer.SerializeToElement(value, K2hr3Json.Default.Int64);
}

/// <summary>K2HR3's resources (/v1/resource).</summary>
public sealed class ResourcesClient
{
    private readonly K2hr3Endpoint _k2hr3;

    internal ResourcesClient(K2hr3Endpoint k2hr3) => _k2hr3 = k2hr3;

    /// <summary>Makes a resource or changes it. A child (<c>a/b</c>) takes text and keys from its parent; a text of its own is put after the parent's.</summary>
    /// <param name="name">Its name or full yrn; lower-cased by K2HR3.</param>
    /// <param name="change">What it shall be.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task SaveAsync(string name, ResourceChange change, CancellationToken cancellationToken) =>
        _k2hr3.SaveAsync("/v1/resource", new ResourceRequest(new ResourceBody(name)
        {
            Type = change.Data is null ? "string" : "object",
            Data = change.Data ?? (change.Text is null ? null : ResourceChange.Value(change.Text)),
            Keys = change.Keys is { Count: 0 } ? ResourceChange.Value("") : change.Keys is null ? null : JsonSerializer.SerializeToElement(change.Keys, K2hr3Json.Default.IReadOnlyDictionaryStringJsonElement),
            Alias = change.Aliases,
        }), K2hr3Json.Default.ResourceRequest, cancellationToken);

    /// <summary>A resource.</summary>
    /// <param name="name">Its name or full yrn.</param>
    /// <param name="expand">Whether to expand its template and add what it takes from parents and aliases.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="Http.ServiceException">NotFound and the common ones.</exception>
    public async Task<Resource> GetAsync(string name, bool expand, CancellationToken cancellationToken) =>
        (await _k2hr3.GetAsync($"{Path(name)}?expand={(expand ? "true" : "false")}", K2hr3Json.Default.ResourceReply, cancellationToken).ConfigureAwait(false)).Resource;

    /// <summary>Deletes a resource. K2HR3 takes the deletion of what is not there for done.</summary>
    /// <param name="name">Its name or full yrn.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task DeleteAsync(string name, CancellationToken cancellationToken) => _k2hr3.DeleteAsync(Path(name), cancellationToken);

    /// <summary>What a host sees of a resource with its role token: the expanded text.</summary>
    /// <param name="yrn">The full yrn.</param>
    /// <param name="roleToken">The role token.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<string?> ReadAsRoleAsync(string yrn, string roleToken, CancellationToken cancellationToken)
    {
        var response = await _k2hr3.SendAsync(HttpMethod.Get, Path(yrn) + "?type=string", System.Net.HttpStatusCode.OK, cancellationToken,
            r => r with { Token = new FixedToken("R=" + roleToken) }).ConfigureAwait(false);
        return K2hr3Endpoint.Checked(response, K2hr3Json.Default.ResourceTextReply).Resource;
    }

    private static string Path(string name) => "/v1/resource/" + K2hr3Endpoint.Name(name, "resource");
}
