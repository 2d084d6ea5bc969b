using System.Text.Json.Serialization;

namespace K2hdkcDbaas.OpenStack.Neutron;

/// <summary>A network of Neutron.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name; not unique.</param>
public sealed record Network(string Id, string Name)
{
    /// <summary>ACTIVE, DOWN, BUILD or ERROR.</summary>
    public string? Status { get; init; }

    /// <summary>Whether other projects see it.</summary>
    public bool Shared { get; init; }

    /// <summary>Whether it leads outside; servers are seldom plugged into such.</summary>
    [JsonPropertyName("router:external")]
    public bool IsExternal { get; init; }

    /// <summary>Whether it is switched on.</summary>
    public bool AdminStateUp { get; init; } = true;

    /// <summary>The largest packet, bytes.</summary>
    public int? Mtu { get; init; }

    /// <summary>The ids of its subnets; a server needs one at least.</summary>
    public IReadOnlyList<string> Subnets { get; init; } = [];

    /// <summary>The id of the owning project.</summary>
    public string? ProjectId { get; init; }
}
