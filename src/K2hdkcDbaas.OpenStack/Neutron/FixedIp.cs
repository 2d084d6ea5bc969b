namespace K2hdkcDbaas.OpenStack.Neutron;

/// <summary>An address of a port.</summary>
/// <param name="IpAddress">The address.</param>
public sealed record FixedIp(string IpAddress)
{
    /// <summary>The id of its subnet.</summary>
    public string? SubnetId { get; init; }
}
