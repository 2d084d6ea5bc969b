using System.Net;
using System.Text.Json.Serialization;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack.Wire;

namespace K2hdkcDbaas.OpenStack.Neutron;

/// <summary>A security group of Neutron.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name; Neutron lets several have the same.</param>
public sealed record SecurityGroup(string Id, string Name)
{
    /// <summary>Its description.</summary>
    public string? Description { get; init; }

    /// <summary>The id of the owning project.</summary>
    public string? ProjectId { get; init; }

    /// <summary>Its rules; a new group has two that let everything out.</summary>
    [JsonPropertyName("security_group_rules")]
    public IReadOnlyList<SecurityGroupRule> Rules { get; init; } = [];
}

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

/// <summary>Neutron's security groups (/v2.0/security-groups, /v2.0/security-group-rules).</summary>
public sealed class SecurityGroupsClient
{
    private readonly ServiceEndpoint _neutron;

    internal SecurityGroupsClient(ServiceEndpoint neutron) => _neutron = neutron;

    /// <summary>The security groups that the project sees.</summary>
    /// <param name="name">The exact name; null for all.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public IAsyncEnumerable<SecurityGroup> ListAsync(string? name, CancellationToken cancellationToken) =>
        _neutron.ListAsync("/security-groups" + (name is null ? "" : "?name=" + Uri.EscapeDataString(name)), NetworkJson.Default.SecurityGroupsReply,
            p => p.SecurityGroups, p => LinkBody.Next(p.SecurityGroupsLinks), cancellationToken);

    /// <summary>A security group by its id.</summary>
    /// <param name="id">The group's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<SecurityGroup> GetAsync(string id, CancellationToken cancellationToken) =>
        (await _neutron.GetAsync(Path(id), NetworkJson.Default.SecurityGroupReply, cancellationToken).ConfigureAwait(false)).SecurityGroup;

    /// <summary>Makes a group. Neutron makes a second one of the same name without a word: look first.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">Its description.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">QuotaExceeded and the common ones.</exception>
    public async Task<SecurityGroup> CreateAsync(string name, string description, CancellationToken cancellationToken) =>
        (await _neutron.PostAsync("/security-groups", new NewSecurityGroupRequest(new NewSecurityGroupBody(name, description)), NetworkJson.Default.NewSecurityGroupRequest,
            NetworkJson.Default.SecurityGroupReply, [HttpStatusCode.Created], cancellationToken).ConfigureAwait(false)).SecurityGroup;

    /// <summary>Makes rules, all in one request; all or none.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">Conflict when one is there already; QuotaExceeded and the common ones.</exception>
    public async Task<IReadOnlyList<SecurityGroupRule>> CreateRulesAsync(IReadOnlyList<SecurityGroupRule> rules, CancellationToken cancellationToken) =>
        rules.Count == 0 ? []
        : (await _neutron.PostAsync("/security-group-rules", new RulesBody(rules), NetworkJson.Default.RulesBody, NetworkJson.Default.RulesBody, [HttpStatusCode.Created], cancellationToken)
            .ConfigureAwait(false)).SecurityGroupRules;

    /// <summary>Deletes a group with its rules.</summary>
    /// <param name="id">The group's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>False when there was no such group.</returns>
    /// <exception cref="ServiceException">Conflict while a port uses it.</exception>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        var response = await _neutron.SendAsync(HttpMethod.Delete, Path(id), [HttpStatusCode.NoContent, HttpStatusCode.NotFound], cancellationToken).ConfigureAwait(false);
        return response.Status == HttpStatusCode.NoContent;
    }

    /// <summary>Deletes a rule.</summary>
    /// <param name="id">The rule's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task DeleteRuleAsync(string id, CancellationToken cancellationToken) =>
        _neutron.DeleteAsync("/security-group-rules/" + ServiceEndpoint.Segment(id, "rule"), HttpStatusCode.NoContent, cancellationToken);

    private static string Path(string id) => "/security-groups/" + ServiceEndpoint.Segment(id, "security group");
}

internal sealed record NetworksReply(IReadOnlyList<Network> Networks)
{
    public IReadOnlyList<LinkBody>? NetworksLinks { get; init; }
}

internal sealed record NetworkReply(Network Network);

internal sealed record PortsReply(IReadOnlyList<Port> Ports)
{
    public IReadOnlyList<LinkBody>? PortsLinks { get; init; }
}

internal sealed record SecurityGroupsReply(IReadOnlyList<SecurityGroup> SecurityGroups)
{
    public IReadOnlyList<LinkBody>? SecurityGroupsLinks { get; init; }
}

internal sealed record SecurityGroupReply(SecurityGroup SecurityGroup);

internal sealed record NewSecurityGroupRequest(NewSecurityGroupBody SecurityGroup);

internal sealed record NewSecurityGroupBody(string Name, string Description);

internal sealed record RulesBody(IReadOnlyList<SecurityGroupRule> SecurityGroupRules);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(NetworksReply))]
[JsonSerializable(typeof(NetworkReply))]
[JsonSerializable(typeof(PortsReply))]
[JsonSerializable(typeof(SecurityGroupsReply))]
[JsonSerializable(typeof(SecurityGroupReply))]
[JsonSerializable(typeof(NewSecurityGroupRequest))]
[JsonSerializable(typeof(RulesBody))]
internal sealed partial class NetworkJson : JsonSerializerContext;
