namespace K2hdkcDbaas.Core.Model;

/// <summary>One rule of a security group.</summary>
/// <param name="Id">Neutron's id.</param>
/// <param name="Direction"><c>ingress</c> or <c>egress</c>.</param>
/// <param name="Protocol">Such as <c>tcp</c>; null for any.</param>
/// <param name="PortMin">First port; null for any.</param>
/// <param name="PortMax">Last port; null for any.</param>
/// <param name="EtherType"><c>IPv4</c> or <c>IPv6</c>.</param>
public sealed record SecurityGroupRule(string Id, string Direction, string? Protocol, int? PortMin, int? PortMax, string? EtherType)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Direction} {Protocol ?? "any"}{(PortMin is null ? "" : PortMin == PortMax ? $" {PortMin}" : $" {PortMin}-{PortMax}")}";
}
