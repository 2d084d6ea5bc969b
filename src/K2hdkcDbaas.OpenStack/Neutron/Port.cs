namespace K2hdkcDbaas.OpenStack.Neutron;

/// <summary>A plug of a server in a network.</summary>
/// <param name="Id">Its id.</param>
public sealed record Port(string Id)
{
    /// <summary>The network's id.</summary>
    public string? NetworkId { get; init; }

    /// <summary>The server's id; empty for none.</summary>
    public string? DeviceId { get; init; }

    /// <summary>ACTIVE, DOWN or BUILD.</summary>
    public string? Status { get; init; }

    /// <summary>The ids of its security groups.</summary>
    public IReadOnlyList<string> SecurityGroups { get; init; } = [];

    /// <summary>Its addresses.</summary>
    public IReadOnlyList<FixedIp> FixedIps { get; init; } = [];
}
