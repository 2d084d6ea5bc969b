using System.Text.Json.Serialization;
using K2hdkcDbaas.OpenStack.Wire;
using Refit;

namespace K2hdkcDbaas.OpenStack.Nova;

/// <summary>A size of virtual machines.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
public sealed record Flavor(string Id, string Name)
{
    /// <summary>Virtual processors.</summary>
    public int Vcpus { get; init; }

    /// <summary>Memory, MiB.</summary>
    public int Ram { get; init; }

    /// <summary>Root disk, GiB; 0 for the image's size.</summary>
    public int Disk { get; init; }

    /// <summary>Extra disk, GiB.</summary>
    [JsonPropertyName("OS-FLV-EXT-DATA:ephemeral")]
    public int Ephemeral { get; init; }

    /// <summary>Whether everyone may use it.</summary>
    [JsonPropertyName("os-flavor-access:is_public")]
    public bool IsPublic { get; init; } = true;
}

/// <summary>Nova's flavors (Compute API reference, "Flavors").</summary>
internal interface IFlavors
{
    /// <summary>A page of the flavors that the project may use.</summary>
    /// <param name="marker">The id of the last flavor of the page before; null for the first page.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/flavors/detail")]
    Task<FlavorsReply> ListPageAsync([Query] string? marker, CancellationToken cancellationToken);

    /// <summary>A flavor by its id (not its name).</summary>
    /// <param name="id">The flavor's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/flavors/{id}")]
    Task<Flavor> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>The flavors that the project may use.</summary>
    /// <param name="cancellationToken">Ends the listing.</param>
    IAsyncEnumerable<Flavor> ListAsync(CancellationToken cancellationToken) =>
        Pages.AllAsync("nova", ListPageAsync, p => p.Flavors, p => LinkBody.Next(p.FlavorsLinks), cancellationToken);
}
