using System.Net;
using System.Text.Json.Serialization;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack.Wire;

namespace K2hdkcDbaas.OpenStack.Glance;

/// <summary>Glance v2 (/v2/images).</summary>
public sealed class ImageClient
{
    private readonly ServiceEndpoint _glance;

    internal ImageClient(ServiceEndpoint glance) => _glance = glance;

    /// <summary>The images that the project sees, page by page.</summary>
    /// <param name="filter">Which; null for all.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public IAsyncEnumerable<Image> ListAsync(ImageFilter? filter, CancellationToken cancellationToken)
    {
        var query = new List<KeyValuePair<string, string>>();
        if (filter?.Name is { } name) query.Add(new("name", Filterable(name)));
        if (filter?.Status is { } status) query.Add(new("status", status));
        if (filter?.Owner is { } owner) query.Add(new("owner", owner));
        foreach (var (key, value) in filter?.Properties ?? new Dictionary<string, string>()) query.Add(new(key, value));
        var path = "/images" + (query.Count == 0 ? "" : "?" + string.Join('&', query.Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value)}")));
        return _glance.ListAsync(path, ImageJson.Default.ImagesReply, p => p.Images, p => p.Next, cancellationToken);
    }

    /// <summary>An image by its id.</summary>
    /// <param name="id">The image's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">NotFound and the common ones.</exception>
    public Task<Image> GetAsync(string id, CancellationToken cancellationToken) => _glance.GetAsync(Path(id), ImageJson.Default.Image, cancellationToken);

    /// <summary>Adds or replaces properties of an image.</summary>
    /// <param name="image">The image as last read: JSON Patch tells add from replace by what is there.</param>
    /// <param name="properties">The properties.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<Image> SetPropertiesAsync(Image image, IReadOnlyDictionary<string, string> properties, CancellationToken cancellationToken)
    {
        IReadOnlyList<PatchBody> patch = [.. properties.Select(p =>
            new PatchBody(image.More.ContainsKey(p.Key) ? "replace" : "add", "/" + p.Key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal), p.Value))];
        var response = await _glance.SendAsync(HttpMethod.Patch, Path(image.Id), [HttpStatusCode.OK], cancellationToken,
            r => r.WithJson(patch, ImageJson.Default.IReadOnlyListPatchBody) with { ContentType = "application/openstack-images-v2.1-json-patch" }).ConfigureAwait(false);
        return response.Json(ImageJson.Default.Image);
    }

    /// <summary>Deletes an image.</summary>
    /// <param name="id">The image's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>False when there was no such image.</returns>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        var response = await _glance.SendAsync(HttpMethod.Delete, Path(id), [HttpStatusCode.NoContent, HttpStatusCode.NotFound], cancellationToken).ConfigureAwait(false);
        return response.Status == HttpStatusCode.NoContent;
    }

    private static string Path(string id) => "/images/" + ServiceEndpoint.Segment(id, "image");

    // Glance reads a leading "in:" as an operator and quoted text as it is.
    private static string Filterable(string name) => name.StartsWith("in:", StringComparison.Ordinal) ? $"in:\"{name}\"" : name;
}

internal sealed record ImagesReply(IReadOnlyList<Image> Images)
{
    public string? Next { get; init; }
}

internal sealed record PatchBody(string Op, string Path, string Value);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(ImagesReply))]
[JsonSerializable(typeof(Image))]
[JsonSerializable(typeof(IReadOnlyList<PatchBody>))]
internal sealed partial class ImageJson : JsonSerializerContext;
