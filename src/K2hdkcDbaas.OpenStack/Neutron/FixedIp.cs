using System.Text.Json.Serialization;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack.Wire;
using Refit;

namespace K2hdkcDbaas.OpenStack.Neutron;

/// <summary>An address of a port.</summary>
/// <param name="IpAddress">The address.</param>
public sealed record FixedIp(string IpAddress)
{
    /// <summary>The id of its subnet.</summary>
    public string? SubnetId { get; init; }
}
