using System.Text.Json.Serialization;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack.Wire;
using Refit;

namespace K2hdkcDbaas.OpenStack.Glance;

/// <summary>Glance v2's images (Image API reference, "Images").</summary>
internal interface IImages
{
    /// <summary>A page of the images that the project sees.</summary>
    /// <param name="name">The exact name; null for all.</param>
    /// <param name="status">The status; null for all.</param>
    /// <param name="owner">The owning project's id; null for all.</param>
    /// <param name="properties">Properties that they have.</param>
    /// <param name="marker">The id of the last image of the page before; null for the first page.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/images")]
    Task<ImagesReply> ListPageAsync([Query] string? name, [Query] string? status, [Query] string? owner,
        [Query] IDictionary<string, string>? properties,
        [Query] string? marker, CancellationToken cancellationToken);

    /// <summary>An image by its id.</summary>
    /// <param name="id">The image's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">NotFound and the common ones.</exception>
    [Get("/images/{id}")]
    Task<Image> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>Changes an image by JSON Patch.</summary>
    /// <param name="id">The image's id.</param>
    /// <param name="patch">The changes.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Patch("/images/{id}"), Headers("Content-Type: application/openstack-images-v2.1-json-patch")]
    Task<Image> PatchAsync(string id, [Body] IReadOnlyList<PatchBody> patch, CancellationToken cancellationToken);

    /// <summary>Deletes an image.</summary>
    /// <param name="id">The image's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Delete("/images/{id}"), Headers(Call.Expect + "204")]
    Task DeleteImageAsync(string id, CancellationToken cancellationToken);

    /// <summary>The images that the project sees, page by page.</summary>
    /// <param name="filter">Which; null for all.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    IAsyncEnumerable<Image> ListAsync(ImageFilter? filter, CancellationToken cancellationToken) =>
        Pages.AllAsync("glance",
            (marker, ct) =>
                ListPageAsync(Filterable(filter?.Name), filter?.Status, filter?.Owner, filter?.Properties?.ToDictionary(), marker, ct),
            p => p.Images, p => p.Next, cancellationToken);

    /// <summary>Adds or replaces properties of an image.</summary>
    /// <param name="image">The image as last read: JSON Patch tells add from replace by what is there.</param>
    /// <param name="properties">The properties.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task<Image> SetPropertiesAsync(Image image, IReadOnlyDictionary<string, string> properties, CancellationToken cancellationToken) =>
        PatchAsync(image.Id, [.. properties.Select(p => new PatchBody(image.More.ContainsKey(p.Key) ? "replace" : "add",
            "/" + p.Key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal), p.Value))],
            cancellationToken);

    /// <summary>Deletes an image.</summary>
    /// <param name="id">The image's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>False when there was no such image.</returns>
    Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) => Pages.WasThereAsync(DeleteImageAsync(id, cancellationToken));

    // Glance reads a leading "in:" as an operator and quoted text as it is.
    private static string? Filterable(string? name) =>
        name is not null && name.StartsWith("in:", StringComparison.Ordinal) ? $"in:\"{name}\"" : name;
}

internal sealed record ImagesReply([property: JsonConverter(typeof(SkippingListConverter<Image>))] IReadOnlyList<Image> Images)
{
    public string? Next { get; init; }
}

internal sealed record PatchBody(string Op, string Path, string Value);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(ImagesReply))]
[JsonSerializable(typeof(Image))]
[JsonSerializable(typeof(IReadOnlyList<PatchBody>))]
internal sealed partial class ImageJson : JsonSerializerContext
{
    /// <summary>Glance's bodies.</summary>
    public static RestJson Bodies => field ??= new(Default, new Dictionary<Type, string>
    {
    });
}
