using System.Text.Json.Serialization;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack.Wire;
using Refit;

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

/// <summary>Neutron's security groups (Networking API reference, "Security groups" and "Security group rules").</summary>
internal interface ISecurityGroups
{
    /// <summary>A page of the security groups that the project sees.</summary>
    /// <param name="name">The exact name; null for all.</param>
    /// <param name="marker">The id of the last group of the page before; null for the first page.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/security-groups")]
    Task<SecurityGroupsReply> ListPageAsync([Query] string? name, [Query] string? marker, CancellationToken cancellationToken);

    /// <summary>A security group by its id.</summary>
    /// <param name="id">The group's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/security-groups/{id}")]
    Task<SecurityGroup> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>Makes a group. Neutron makes a second one of the same name without a word: look first.</summary>
    /// <param name="group">Its name and description.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">QuotaExceeded and the common ones.</exception>
    [Post("/security-groups"), Headers(Call.Expect + "201")]
    Task<SecurityGroup> CreateAsync([Body] NewSecurityGroupBody group, CancellationToken cancellationToken);

    /// <summary>Makes rules.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Post("/security-group-rules"), Headers(Call.Expect + "201")]
    Task<RulesBody> PostRulesAsync([Body] RulesBody rules, CancellationToken cancellationToken);

    /// <summary>Deletes a group.</summary>
    /// <param name="id">The group's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Delete("/security-groups/{id}"), Headers(Call.Expect + "204")]
    Task DeleteGroupAsync(string id, CancellationToken cancellationToken);

    /// <summary>Deletes a rule.</summary>
    /// <param name="id">The rule's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Delete("/security-group-rules/{id}"), Headers(Call.Expect + "204")]
    Task DeleteRuleAsync(string id, CancellationToken cancellationToken);

    /// <summary>The security groups that the project sees.</summary>
    /// <param name="name">The exact name; null for all.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    IAsyncEnumerable<SecurityGroup> ListAsync(string? name, CancellationToken cancellationToken) =>
        Pages.AllAsync("neutron", (marker, ct) => ListPageAsync(name, marker, ct), p => p.SecurityGroups,
            p => LinkBody.Next(p.SecurityGroupsLinks), cancellationToken);

    /// <summary>Makes a group.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">Its description.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task<SecurityGroup> CreateAsync(string name, string description, CancellationToken cancellationToken) =>
        CreateAsync(new NewSecurityGroupBody(name, description), cancellationToken);

    /// <summary>Makes rules, all in one request; all or none.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">Conflict when one is there already; QuotaExceeded and the common ones.</exception>
    async Task<IReadOnlyList<SecurityGroupRule>> CreateRulesAsync(IReadOnlyList<SecurityGroupRule> rules,
        CancellationToken cancellationToken) =>
        rules.Count == 0 ? [] : (await PostRulesAsync(new RulesBody(rules), cancellationToken).ConfigureAwait(false)).SecurityGroupRules;

    /// <summary>Deletes a group with its rules.</summary>
    /// <param name="id">The group's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>False when there was no such group.</returns>
    /// <exception cref="ServiceException">Conflict while a port uses it.</exception>
    Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) => Pages.WasThereAsync(DeleteGroupAsync(id, cancellationToken));
}

internal sealed record NetworksReply(IReadOnlyList<Network> Networks)
{
    public IReadOnlyList<LinkBody>? NetworksLinks { get; init; }
}

internal sealed record PortsReply(IReadOnlyList<Port> Ports)
{
    public IReadOnlyList<LinkBody>? PortsLinks { get; init; }
}

internal sealed record SecurityGroupsReply(IReadOnlyList<SecurityGroup> SecurityGroups)
{
    public IReadOnlyList<LinkBody>? SecurityGroupsLinks { get; init; }
}

internal sealed record NewSecurityGroupBody(string Name, string Description);

internal sealed record RulesBody(IReadOnlyList<SecurityGroupRule> SecurityGroupRules);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(NetworksReply))]
[JsonSerializable(typeof(PortsReply))]
[JsonSerializable(typeof(SecurityGroupsReply))]
[JsonSerializable(typeof(RulesBody))]
[JsonSerializable(typeof(Network))]
[JsonSerializable(typeof(SecurityGroup))]
[JsonSerializable(typeof(NewSecurityGroupBody))]
internal sealed partial class NetworkJson : JsonSerializerContext
{
    /// <summary>Neutron's bodies.</summary>
    public static RestJson Bodies => field ??= new(Default, new Dictionary<Type, string>
    {
        [typeof(Network)] = "network",
        [typeof(SecurityGroup)] = "security_group",
        [typeof(NewSecurityGroupBody)] = "security_group",
    });
}
