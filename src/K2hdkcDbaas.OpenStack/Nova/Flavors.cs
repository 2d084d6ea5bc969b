using System.Text.Json.Serialization;
using K2hdkcDbaas.OpenStack.Wire;

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

/// <summary>Nova's flavors (/v2.1/flavors).</summary>
public sealed class FlavorsClient
{
    private readonly ServiceEndpoint _nova;

    internal FlavorsClient(ServiceEndpoint nova) => _nova = nova;

    /// <summary>The flavors that the project may use.</summary>
    /// <param name="cancellationToken">Ends the listing.</param>
    public IAsyncEnumerable<Flavor> ListAsync(CancellationToken cancellationToken) =>
        _nova.ListAsync("/flavors/detail", ComputeJson.Default.FlavorsReply, p => p.Flavors, p => LinkBody.Next(p.FlavorsLinks), cancellationToken);

    /// <summary>A flavor by its id (not its name).</summary>
    /// <param name="id">The flavor's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<Flavor> GetAsync(string id, CancellationToken cancellationToken) =>
        (await _nova.GetAsync("/flavors/" + ServiceEndpoint.Segment(id, "flavor"), ComputeJson.Default.FlavorReply, cancellationToken).ConfigureAwait(false)).Flavor;
}
