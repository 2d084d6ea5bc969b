using System.Text.Json;
using System.Text.Json.Serialization;
using K2hdkcDbaas.Http;
using Refit;

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

/// <summary>K2HR3's resources (k2hr3_api "RESOURCE", src/routes/resource.ts).</summary>
internal interface IResources
{
    /// <summary>A resource.</summary>
    /// <param name="name">Its name or full yrn.</param>
    /// <param name="expand">Whether to expand its template and add what it takes from parents and aliases.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">NotFound and the common ones.</exception>
    [Get("/v1/resource/{**name}")]
    Task<Resource> GetAsync(string name, [Query] bool expand, CancellationToken cancellationToken);

    /// <summary>Deletes a resource. K2HR3 takes the deletion of what is not there for done.</summary>
    /// <param name="name">Its name or full yrn.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Delete("/v1/resource/{**name}"), Headers(Call.Expect + "204")]
    Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>Deletes a part of a resource.</summary>
    /// <param name="name">Its name or full yrn.</param>
    /// <param name="type"><c>anytype</c>, <c>string</c>, <c>object</c>, <c>keys</c>, <c>aliases</c> or <c>expire</c>.</param>
    /// <param name="keynames">The keys as a JSON array, with <c>keys</c>; null for all.</param>
    /// <param name="aliases">The full names as a JSON array, with <c>aliases</c>; null for all.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Delete("/v1/resource/{**name}"), Headers(Call.Expect + "204")]
    Task DeletePartAsync(string name, [Query] string type, [Query] string? keynames, [Query] string? aliases,
        CancellationToken cancellationToken);

    /// <summary>Sets a resource to what is said.</summary>
    /// <param name="resource">Its name and content; members that are null stay as they are.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Post("/v1/resource"), Headers(Call.Expect + "201", Call.Repeatable)]
    Task<BaseReply> PostAsync([Body] ResourceBody resource, CancellationToken cancellationToken);

    /// <summary>What the host of a role sees of a resource.</summary>
    /// <param name="yrn">The full yrn.</param>
    /// <param name="token">The role token, with <c>R=</c> before it.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/v1/resource/{**yrn}?type=string")]
    Task<ResourceTextReply> GetTextAsync(string yrn, [Property(Call.Token)] string token, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a resource or changes it. A child (<c>a/b</c>) takes text and keys from its parent; a text of its own is put after the
    /// parent's.
    /// </summary>
    /// <param name="name">Its name or full yrn; lower-cased by K2HR3.</param>
    /// <param name="change">What it shall be.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    async Task SaveAsync(string name, ResourceChange change, CancellationToken cancellationToken)
    {
        // Aliases that are cleared by a POST go on holding what they named in k2hr3_api 2.0.3; their removal does not.
        var clears = change.Aliases is { Count: 0 };
        await PostAsync(new ResourceBody(name)
        {
            Type = change.Data is null ? "string" : "object",
            Data = change.Data ?? (change.Text is null ? null : ResourceChange.Value(change.Text)),
            Keys = change.Keys switch
            {
                null => null,
                { Count: 0 } => ResourceChange.Value(""),
                var keys => JsonSerializer.SerializeToElement(keys, K2hr3Json.Default.IReadOnlyDictionaryStringJsonElement),
            },
            Alias = clears ? null : change.Aliases,
        }, cancellationToken).ConfigureAwait(false);
        if (clears) await DeletePartAsync(name, "aliases", null, null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What a host sees of a resource with its role token: the expanded text.</summary>
    /// <param name="yrn">The full yrn.</param>
    /// <param name="roleToken">The role token.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    async Task<string?> ReadAsRoleAsync(string yrn, string roleToken, CancellationToken cancellationToken) =>
        (await GetTextAsync(yrn, "R=" + roleToken, cancellationToken).ConfigureAwait(false)).Resource;
}
