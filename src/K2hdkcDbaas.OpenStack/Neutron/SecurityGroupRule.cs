namespace K2hdkcDbaas.OpenStack.Neutron;

/// <summary>What a security group lets through.</summary>
public sealed record SecurityGroupRule
{
    /// <summary>Its id; null for a rule to be made.</summary>
    public string? Id { get; init; }

    /// <summary>The id of its group.</summary>
    public string? SecurityGroupId { get; init; }

    /// <summary><c>ingress</c> or <c>egress</c>.</summary>
    public required string Direction { get; init; }

    /// <summary><c>IPv4</c> or <c>IPv6</c>.</summary>
    public string? Ethertype { get; init; }

    /// <summary><c>tcp</c>, <c>udp</c> and so on; null for any.</summary>
    public string? Protocol { get; init; }

    /// <summary>The first port; null for any.</summary>
    public int? PortRangeMin { get; init; }

    /// <summary>The last port; null for any.</summary>
    public int? PortRangeMax { get; init; }

    /// <summary>The addresses it is for, as a prefix; null for any.</summary>
    public string? RemoteIpPrefix { get; init; }

    /// <summary>The id of the group whose members it is for; null for any.</summary>
    public string? RemoteGroupId { get; init; }

    /// <summary>The id of the address group that it is for; null for any.</summary>
    public string? RemoteAddressGroupId { get; init; }

    /// <summary>Its description.</summary>
    public string? Description { get; init; }

    /// <summary>A rule that lets TCP in to one port over IPv4, from anywhere.</summary>
    /// <param name="groupId">The group's id.</param>
    /// <param name="port">The port.</param>
    /// <param name="description">What it is for.</param>
    public static SecurityGroupRule TcpIn(string groupId, int port, string description) => new()
    {
        SecurityGroupId = groupId,
        Direction = "ingress",
        Ethertype = "IPv4",
        Protocol = "tcp",
        PortRangeMin = port,
        PortRangeMax = port,
        Description = description,
    };
}
