using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Keystone;

namespace K2hdkcDbaas.Sandbox.Neutron;

/// <summary>/v2.0/security-groups and /v2.0/security-group-rules.</summary>
internal sealed class SecurityGroupRoutes(SandboxState state)
{
    private static readonly string[] GroupAttributes = ["name", "description", "tenant_id", "project_id", "stateful"];
    private static readonly string[] RuleAttributes =
    [
        "security_group_id", "direction", "ethertype", "protocol", "port_range_min", "port_range_max", "remote_ip_prefix",
        "remote_group_id",
        "remote_address_group_id", "description", "tenant_id", "project_id",
    ];
    private static readonly string[] Protocols =

    [
        "ah", "dccp", "egp", "esp", "gre", "hopopt", "icmp", "igmp", "ip", "ipip", "ipv6-encap", "ipv6-frag", "ipv6-icmp", "icmpv6",
        "ipv6-nonxt", "ipv6-opts",
        "ipv6-route", "ospf", "pgm", "rsvp", "sctp", "tcp", "udp", "udplite", "vrrp",
    ];

    private NetworkStore Store => state.Network;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v2.0/security-groups", context => List(context, "security_groups", Groups));
        routes.MapGet("/v2.0/security-groups/{id}", context =>
        {
            lock (state.Gate)
                return context.WriteJsonAsync(200,
                    new JsonObject { ["security_group"] = NeutronList.Chosen(context, Find(context).ToJson()) });
        });
        routes.MapPost("/v2.0/security-groups", CreateGroupAsync);
        routes.MapPut("/v2.0/security-groups/{id}", UpdateGroupAsync);
        routes.MapDelete("/v2.0/security-groups/{id}", DeleteGroup);
        routes.MapGet("/v2.0/security-group-rules",
            context => List(context, "security_group_rules", t => Groups(t).SelectMany(g => g.Rules)));
        routes.MapGet("/v2.0/security-group-rules/{id}", context =>
        {
            lock (state.Gate)
                return context.WriteJsonAsync(200,
                    new JsonObject { ["security_group_rule"] = NeutronList.Chosen(context, FindRule(context).Rule.ToJson()) });
        });
        routes.MapPost("/v2.0/security-group-rules", CreateRulesAsync);
        routes.MapDelete("/v2.0/security-group-rules/{id}", context =>
        {
            lock (state.Gate)
            {
                var (group, rule) = FindRule(context);
                group.Rules.Remove(rule);
                group.Revision++;
            }
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        });
    }

    private Task List(HttpContext context, string collection, Func<Token, IEnumerable<NetworkResource>> visible)
    {
        var (token, project) = context.Member(state);
        lock (state.Gate)
        {
            Store.DefaultGroup(project);
            return context.WriteJsonAsync(200, NeutronList.Answer(context, collection, visible(token).Select(r => r.ToJson())));
        }
    }

    private IEnumerable<SecurityGroup> Groups(Token token) => Store.Groups.Where(g => token.IsAdmin || g.ProjectId == token.Project?.Id);

    private SecurityGroup Find(HttpContext context)
    {
        var (token, project) = context.Member(state);
        Store.DefaultGroup(project);
        var id = context.Route("id");
        return Groups(token).FirstOrDefault(g => g.Id == id) ?? throw Unknown(id);
    }

    private (SecurityGroup Group, SecurityGroupRule Rule) FindRule(HttpContext context)
    {
        var (token, _) = context.Member(state);
        var id = context.Route("id");
        foreach (var group in Groups(token))
        {
            if (group.Rules.Find(r => r.Id == id) is { } rule) return (group, rule);
        }
        throw new ApiFault(404, $"Security group rule {id} does not exist", "SecurityGroupRuleNotFound");
    }

    private async Task CreateGroupAsync(HttpContext context)
    {
        var (_, project) = context.Member(state);
        var (items, bulk) =
            await NeutronBody.ReadAsync(context, "security_group", "security_groups", GroupAttributes).ConfigureAwait(false);
        List<SecurityGroup> made = [];
        lock (state.Gate)
        {
            Store.DefaultGroup(project);
            if (items.Exists(i => i.Text("name") == "default"))
                throw new ApiFault(409, "Default security group already exists.", "SecurityGroupDefaultAlreadyExists");
            foreach (var item in items) item.Text("description");
            Store.Charge(project, "security_group", items.Count);
            foreach (var item in items) made.Add(Store.NewGroup(project, item.Text("name"), item.Text("description")));
        }
        await NeutronBody.AnswerAsync(context, 201, "security_group", "security_groups", made, bulk).ConfigureAwait(false);
    }

    private async Task UpdateGroupAsync(HttpContext context)
    {
        context.Member(state);
        var (items, _) = await NeutronBody.ReadAsync(context, "security_group", "security_groups", GroupAttributes).ConfigureAwait(false);
        JsonObject answer;
        lock (state.Gate)
        {
            var group = Find(context);
            if (group.Name == "default" && items[0].ContainsKey("name"))
                throw new ApiFault(409, "Updating default security group not allowed.", "SecurityGroupCannotUpdateDefault");
            group.Name = items[0].Text("name", group.Name);
            group.Description = items[0].Text("description", group.Description);
            group.Updated = state.Now;
            group.Revision++;
            answer = group.ToJson();
        }
        await context.WriteJsonAsync(200, new JsonObject { ["security_group"] = answer }).ConfigureAwait(false);
    }

    private Task DeleteGroup(HttpContext context)
    {
        lock (state.Gate)
        {
            var (token, _) = context.Member(state);
            var group = Find(context);
            if (group.Name == "default" && !token.IsAdmin)
                throw new ApiFault(409, "Insufficient rights for removing default security group.", "SecurityGroupCannotRemoveDefault");
            if (Store.Ports.Exists(p => p.Groups.Contains(group)))
                throw new ApiFault(409, $"Security Group {group.Id} in use.", "SecurityGroupInUse");
            Store.Groups.Remove(group);
            // Rules of other groups that pointed at it go with it.
            foreach (var other in Store.Groups) other.Rules.RemoveAll(r => r.RemoteGroup == group.Id);
        }
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private async Task CreateRulesAsync(HttpContext context)
    {
        var (token, project) = context.Member(state);
        var (items, bulk) =
            await NeutronBody.ReadAsync(context, "security_group_rule", "security_group_rules", RuleAttributes).ConfigureAwait(false);
        List<SecurityGroupRule> made = [];
        lock (state.Gate)
        {
            foreach (var item in items) made.Add(NewRule(item, token, project));
            Store.Charge(project, "security_group_rule", made.Count);
            foreach (var rule in made)
            {
                var group = Store.Groups.Find(g => g.Id == rule.GroupId)!;
                group.Rules.Add(rule);
                group.Revision++;
            }
        }
        await NeutronBody.AnswerAsync(context, 201, "security_group_rule", "security_group_rules", made, bulk).ConfigureAwait(false);
    }

    private SecurityGroupRule NewRule(JsonObject item, Token token, string project)
    {
        var groupId = item.Required("security_group_id");
        var direction = item.Required("direction");
        if (direction is not ("ingress" or "egress"))
            throw new ApiFault(400, $"Invalid input for direction. Reason: {direction} is not in valid_values.");
        var ethertype = item.Text("ethertype", "IPv4");
        if (ethertype is not ("IPv4" or "IPv6"))
            throw new ApiFault(400, $"Security group rule for ethertype '{ethertype}' not supported. Allowed values are ['IPv4', 'IPv6'].",
                "SecurityGroupRuleInvalidEtherType");
        var protocol = Protocol(item["protocol"]);
        var (min, max) = (PortNumber(item, "port_range_min"), PortNumber(item, "port_range_max"));
        if ((min is not null || max is not null) && protocol is null)
            throw new ApiFault(400, "Must also specify protocol if port range is given.", "SecurityGroupProtocolRequiredWithPorts");
        if (protocol is "tcp" or "udp")
        {
            if (min is null != max is null || min > max)
                throw new ApiFault(400, "For TCP/UDP protocols, port_range_min must be <= port_range_max", "SecurityGroupInvalidPortRange");
        }
        var prefix = item["remote_ip_prefix"].AsText();
        if (prefix is not null && !IPNetwork.TryParse(prefix.Contains('/', StringComparison.Ordinal) ? prefix : prefix + "/32", out _))
            throw new ApiFault(400, $"Invalid CIDR {prefix} given as IP prefix.", "InvalidCIDR");
        var remoteGroup = item["remote_group_id"].AsText();
        if (prefix is not null && remoteGroup is not null)
            throw new ApiFault(400, "Only one of remote_ip_prefix or remote_group_id or remote_address_group_id may be provided.",
                "SecurityGroupMultipleRemoteEntites");
        var group = Groups(token).FirstOrDefault(g => g.Id == groupId) ?? throw Unknown(groupId);
        if (remoteGroup is not null && !Groups(token).Any(g => g.Id == remoteGroup)) throw Unknown(remoteGroup);
        var rule = new SecurityGroupRule(project, state.Now, groupId)
        {
            Direction = direction,
            Ethertype = ethertype,
            Protocol = protocol,
            PortMin = min,
            PortMax = max,
            RemotePrefix = prefix,
            RemoteGroup = remoteGroup,
            Description = item.Text("description"),
            AttributeId = Store.NextAttribute(),
        };
        if (group.Rules.Find(r => r.SameAs(rule)) is { } same)
            throw new ApiFault(409, $"Security group rule already exists. Rule id is {same.Id}.", "SecurityGroupRuleExists");
        return rule;
    }

    private static string? Protocol(JsonNode? node)
    {
        if (node is null) return null;
        var text = node.AsText() ?? node.ToJsonString();
        if (text == "any") return null;
        if (Protocols.Contains(text.ToLowerInvariant()) || (int.TryParse(text, out var number) && number is >= 0 and <= 255))
            return text.ToLowerInvariant();
        throw new ApiFault(400,
            $"Security group rule protocol {text} not supported. Only protocol values [None, "
                + $"{string.Join(", ", Protocols.Select(p => $"'{p}'"))}] and integer representations [0 to 255] are supported.",
            "SecurityGroupRuleInvalidProtocol");
    }

    private static int? PortNumber(JsonObject item, string name)
    {
        if (item[name] is not { } node) return null;
        var text = node.GetValueKind() == JsonValueKind.String ? node.AsText() : node.ToJsonString();
        return node.AsInt(lenient: true) is >= 0 and <= 65535 and var number
            ? number
            : throw new ApiFault(400, $"Invalid value for port {text}", "SecurityGroupInvalidPortValue");
    }

    private static ApiFault Unknown(string id) => new(404, $"Security group {id} does not exist", "SecurityGroupNotFound");
}
