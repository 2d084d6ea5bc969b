using System.Text.Json;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Templates;
using static K2hdkcDbaas.Contracts.Tests.Waiting;

namespace K2hdkcDbaas.Contracts.Tests;

/// <content>What a change keeps and what it clears, and what holds on to what.</content>
public abstract partial class K2hr3RoutesContract
{
    [Fact]
    public async Task A_role_keeps_what_is_not_said_and_loses_what_is_empty()
    {
        var k2hr3 = target.ConnectK2hr3();
        var name = NewName("role");
        var (policy, alias) = (Yrn.Policy(Tenant, name), Yrn.Role(Tenant, name + "-other"));
        try
        {
            await k2hr3.Policies.SaveAsync(new Policy { Name = name, Effect = "allow", Actions = [Yrn.Read], Resources = [] }, Ct);
            await k2hr3.Roles.SaveAsync(name + "-other", null, null, Ct);
            await k2hr3.Roles.SaveAsync(name, [policy], [alias], Ct);
            await k2hr3.Roles.SaveAsync(name, null, null, Ct);
            Assert.Equal($"{policy} | {alias}", await PartsAsync());
            await k2hr3.Roles.SaveAsync(name, [], null, Ct);
            Assert.Equal($" | {alias}", await PartsAsync());
            await k2hr3.Roles.SaveAsync(name, [policy], [], Ct);
            Assert.Equal($"{policy} | ", await PartsAsync());
            // Names of what is not there are kept; those of another tenant's policies are refused.
            await k2hr3.Roles.SaveAsync(name, [Yrn.Policy(Tenant, name + "-none")], null, Ct);
            Assert.Equal($"{policy}-none | ", await PartsAsync());
            await FailsAsync(ServiceErrorIds.InvalidRequest, () => k2hr3.Roles.SaveAsync(name, [Yrn.Policy("elsewhere", name)], null, Ct));
        }
        finally
        {
            await k2hr3.Roles.DeleteAsync(name, Ct);
            await k2hr3.Roles.DeleteAsync(name + "-other", Ct);
            await k2hr3.Policies.DeleteAsync(name, Ct);
        }

        async Task<string> PartsAsync()
        {
            var role = await k2hr3.Roles.GetAsync(name, Ct);
            return $"{string.Join(' ', role.Policies)} | {string.Join(' ', role.Aliases)}";
        }
    }

    [Fact]
    public async Task A_policy_keeps_what_is_not_said_and_loses_what_is_empty()
    {
        var k2hr3 = target.ConnectK2hr3();
        var name = NewName("pol");
        var (resource, alias) = (Yrn.Resource(Tenant, name), Yrn.Policy(Tenant, name + "-other"));
        try
        {
            await k2hr3.Resources.SaveAsync(name, new ResourceChange { Text = "x" }, Ct);
            await k2hr3.Policies.SaveAsync(new Policy { Name = name + "-other", Effect = "deny", Actions = [Yrn.Write] }, Ct);
            await k2hr3.Policies.SaveAsync(
                new Policy { Name = name, Effect = "allow", Actions = [Yrn.Read, Yrn.Write], Resources = [resource], Aliases = [alias] },
                Ct);
            await k2hr3.Policies.SaveAsync(new Policy { Name = name }, Ct);
            var kept = await k2hr3.Policies.GetAsync(name, Ct);
            Assert.Equal("allow", kept.Effect);
            Assert.Equal([Yrn.Read, Yrn.Write], kept.Actions!);
            Assert.Equal([resource], kept.Resources!);
            Assert.Equal([alias], kept.Aliases!);

            await k2hr3.Policies.SaveAsync(new Policy { Name = name, Effect = "deny", Aliases = [] }, Ct);
            var denying = await k2hr3.Policies.GetAsync(name, Ct);
            Assert.Equal("deny", denying.Effect);
            Assert.Empty(denying.Aliases!);
            Assert.Equal([resource], denying.Resources!);
            await k2hr3.Policies.SaveAsync(new Policy { Name = name, Resources = [] }, Ct);
            Assert.Empty((await k2hr3.Policies.GetAsync(name, Ct)).Resources!);
            // Without actions it shows the bare word for reading, and allows nothing.
            await k2hr3.Policies.SaveAsync(new Policy { Name = name, Effect = "allow", Actions = [], Resources = [resource] }, Ct);
            Assert.Equal(["read"], (await k2hr3.Policies.GetAsync(name, Ct)).Actions!);
            Assert.False(await k2hr3.Policies.IsAllowedAsync(Yrn.Policy(Tenant, name), resource, "read", Ct));

            await FailsAsync(ServiceErrorIds.InvalidRequest,
                () => k2hr3.Policies.SaveAsync(new Policy { Name = name, Effect = "perhaps" }, Ct));
            await FailsAsync(ServiceErrorIds.InvalidRequest,
                () => k2hr3.Policies.SaveAsync(new Policy { Name = name, Resources = [Yrn.Resource("elsewhere", name)] }, Ct));
        }
        finally
        {
            await k2hr3.Policies.DeleteAsync(name, Ct);
            await k2hr3.Policies.DeleteAsync(name + "-other", Ct);
            await k2hr3.Resources.DeleteAsync(name, Ct);
        }
    }

    [Fact]
    public async Task A_resource_keeps_what_is_not_said_and_loses_what_is_empty()
    {
        var k2hr3 = target.ConnectK2hr3();
        var name = NewName("res");
        var alias = Yrn.Resource(Tenant, name + "-other");
        try
        {
            await k2hr3.Resources.SaveAsync(name + "-other", new ResourceChange { Text = "other" }, Ct);
            await k2hr3.Resources.SaveAsync(name, new ResourceChange
            {
                Text = "text",
                Keys = new Dictionary<string, JsonElement> { ["a"] = ResourceChange.Value("1"), ["b"] = ResourceChange.Value(2) },
                Aliases = [alias],
            }, Ct);
            await k2hr3.Resources.SaveAsync(name, new ResourceChange(), Ct);
            var kept = await k2hr3.Resources.GetAsync(name, expand: false, Ct);
            Assert.Equal(("text", "1", "2"), (kept.Text, kept.Key("a"), kept.Key("b")));
            Assert.Equal([alias], kept.Aliases!);

            await k2hr3.Resources.SaveAsync(name, new ResourceChange { Text = "" }, Ct);
            Assert.Equal("", (await k2hr3.Resources.GetAsync(name, expand: false, Ct)).Text);
            await k2hr3.Resources.SaveAsync(name, new ResourceChange
            {
                Keys = new Dictionary<string, JsonElement> { ["c"] = ResourceChange.Value("3") },
                Aliases = [],
            }, Ct);
            var replaced = await k2hr3.Resources.GetAsync(name, expand: false, Ct);
            Assert.Equal((null, "3"), (replaced.Key("a"), replaced.Key("c")));
            Assert.Empty(replaced.Aliases!);
            await k2hr3.Resources.SaveAsync(name, new ResourceChange { Keys = new Dictionary<string, JsonElement>() }, Ct);
            Assert.Empty((await k2hr3.Resources.GetAsync(name, expand: false, Ct)).Keys!);

            // It has a text or an object, not both.
            using var data = JsonDocument.Parse("{\"a\":[1,{\"b\":null}]}");
            await k2hr3.Resources.SaveAsync(name, new ResourceChange { Data = data.RootElement }, Ct);
            var held = await k2hr3.Resources.GetAsync(name, expand: false, Ct);
            Assert.Equal((null, "{\"a\":[1,{\"b\":null}]}"), (held.Text, held.Data?.GetRawText()));
            await k2hr3.Resources.SaveAsync(name, new ResourceChange { Text = "back" }, Ct);
            held = await k2hr3.Resources.GetAsync(name, expand: false, Ct);
            Assert.Equal("back", held.Text);
            Assert.True(held.Data is null or { ValueKind: JsonValueKind.Null });
            await FailsAsync(ServiceErrorIds.InvalidRequest,
                () => k2hr3.Resources.SaveAsync(name, new ResourceChange { Aliases = [Yrn.Resource("elsewhere", name)] }, Ct));
        }
        finally
        {
            await k2hr3.Resources.DeleteAsync(name, Ct);
            await k2hr3.Resources.DeleteAsync(name + "-other", Ct);
        }
    }

    [Fact]
    public async Task A_part_of_a_resource_is_removed_alone()
    {
        var k2hr3 = target.ConnectK2hr3();
        var name = NewName("part");
        try
        {
            await k2hr3.Resources.SaveAsync(name, new ResourceChange
            {
                Text = "text",
                Keys = new[] { "a", "b", "c" }.ToDictionary(k => k, ResourceChange.Value),
                Aliases = [Yrn.Resource(Tenant, name + "-1"), Yrn.Resource(Tenant, name + "-2")],
            }, Ct);
            await k2hr3.Resources.DeletePartAsync(name, "keys", "[\"a\",\"c\"]", null, Ct);
            Assert.Equal(["b"], (await k2hr3.Resources.GetAsync(name, expand: false, Ct)).Keys!.Keys);
            await k2hr3.Resources.DeletePartAsync(name, "aliases", null, $"[\"{Yrn.Resource(Tenant, name + "-1")}\"]", Ct);
            Assert.Equal([Yrn.Resource(Tenant, name + "-2")], (await k2hr3.Resources.GetAsync(name, expand: false, Ct)).Aliases!);
            await k2hr3.Resources.DeletePartAsync(name, "string", null, null, Ct);
            Assert.Equal("", (await k2hr3.Resources.GetAsync(name, expand: false, Ct)).Text);
            await k2hr3.Resources.DeletePartAsync(name, "aliases", null, null, Ct);
            await k2hr3.Resources.DeletePartAsync(name, "keys", null, null, Ct);
            await k2hr3.Resources.DeletePartAsync(name, "expire", null, null, Ct);
            var left = await k2hr3.Resources.GetAsync(name, expand: false, Ct);
            Assert.Empty(left.Keys!);
            Assert.Empty(left.Aliases!);
            await FailsAsync(ServiceErrorIds.InvalidRequest, () => k2hr3.Resources.DeletePartAsync(name, "nonsense", null, null, Ct));
        }
        finally
        {
            await k2hr3.Resources.DeleteAsync(name, Ct);
        }
    }

    [Fact]
    public async Task What_others_name_cannot_be_removed()
    {
        var k2hr3 = target.ConnectK2hr3();
        var name = NewName("held");
        try
        {
            await k2hr3.Resources.SaveAsync(name, new ResourceChange { Text = "x" }, Ct);
            await k2hr3.Policies.SaveAsync(
                new Policy { Name = name, Effect = "allow", Actions = [Yrn.Read], Resources = [Yrn.Resource(Tenant, name)] }, Ct);
            await k2hr3.Policies.SaveAsync(
                new Policy { Name = name + "-user", Effect = "allow", Actions = [Yrn.Read], Aliases = [Yrn.Policy(Tenant, name)] }, Ct);
            await k2hr3.Roles.SaveAsync(name, [Yrn.Policy(Tenant, name)], null, Ct);

            await FailsAsync(ServiceErrorIds.Forbidden, () => k2hr3.Policies.DeleteAsync(name, Ct));
            // The older release says 403, the newer one 404.
            Assert.Contains(await ErrorOfAsync(() => k2hr3.Resources.DeleteAsync(name, Ct)),
                new[] { ServiceErrorIds.Forbidden, ServiceErrorIds.NotFound });
            Assert.Equal("x", (await k2hr3.Resources.GetAsync(name, expand: false, Ct)).Text);

            // Roles do not hold policies: the name stays in the role.
            await k2hr3.Policies.DeleteAsync(name + "-user", Ct);
            await k2hr3.Policies.DeleteAsync(name, Ct);
            Assert.Equal([Yrn.Policy(Tenant, name)], (await k2hr3.Roles.GetAsync(name, Ct)).Policies);
            await k2hr3.Resources.DeleteAsync(name, Ct);
        }
        finally
        {
            await k2hr3.Roles.DeleteAsync(name, Ct);
        }

        await FailsAsync(ServiceErrorIds.NotFound, () => k2hr3.Resources.GetAsync(name, expand: false, Ct));
    }

    [Fact]
    public async Task A_host_is_known_by_its_address_or_name_port_and_key_together()
    {
        var k2hr3 = target.ConnectK2hr3();
        var name = NewName("host");
        try
        {
            await k2hr3.Roles.SaveAsync(name, null, null, Ct);
            await k2hr3.Roles.AddHostsAsync(name,
            [
                new RoleHost { Host = "DB.Example.com", Port = 8020, Cuk = "c1", Tag = "first" },
                new RoleHost { Host = "192.0.2.1" },
                new RoleHost { Host = "192.0.2.2", Port = 1, Cuk = "c2", Extra = RoleHost.OpenStackAuto },
                new RoleHost { Host = "192.0.2.2", Port = 2, Cuk = "c2" },
                new RoleHost { Host = "192.0.2.2", Port = 2, Cuk = "c3" },
            ], Ct);
            Assert.Equal(
                ["192.0.2.1 * ", "192.0.2.2 1 c2 openstack-auto-v1", "192.0.2.2 2 c2", "192.0.2.2 2 c3", "db.example.com 8020 c1 first"],
                await LinesAsync());

            // Said again it gets another tag; one that had no key gives way to the same with a key.
            await k2hr3.Roles.AddHostsAsync(name, [new RoleHost { Host = "db.example.com", Port = 8020, Cuk = "c1", Tag = "second" }], Ct);
            await k2hr3.Roles.AddHostsAsync(name, [new RoleHost { Host = "192.0.2.1", Cuk = "c4" }], Ct);
            Assert.Equal(["192.0.2.1 * c4", "db.example.com 8020 c1 second"],
                (await LinesAsync()).Where(l => !l.StartsWith("192.0.2.2 ", StringComparison.Ordinal)));

            // Another port or key than a host has removes nothing; without them all of the address go.
            await k2hr3.Roles.RemoveHostAsync(name, new RoleHost { Host = "192.0.2.2", Port = 3, Cuk = "c2" }, Ct);
            await k2hr3.Roles.RemoveHostAsync(name, new RoleHost { Host = "192.0.2.2", Port = 1, Cuk = "c3" }, Ct);
            Assert.Equal(5, (await LinesAsync()).Count);
            await k2hr3.Roles.RemoveHostAsync(name, new RoleHost { Host = "192.0.2.2", Port = 2, Cuk = "c3" }, Ct);
            Assert.Equal(["192.0.2.2 1 c2 openstack-auto-v1", "192.0.2.2 2 c2"],
                (await LinesAsync()).Where(l => l.StartsWith("192.0.2.2 ", StringComparison.Ordinal)));
            await k2hr3.Roles.RemoveHostAsync(name, new RoleHost { Host = "192.0.2.2" }, Ct);
            await k2hr3.Roles.RemoveHostAsync(name, new RoleHost { Host = "db.example.com" }, Ct);
            Assert.Equal(["192.0.2.1 * c4"], await LinesAsync());
            await FailsAsync(ServiceErrorIds.InvalidRequest,
                () => k2hr3.Roles.AddHostsAsync(name, [new RoleHost { Host = "192.0.2.5", InboundIp = "not-an-address" }], Ct));
        }
        finally
        {
            await k2hr3.Roles.DeleteAsync(name, Ct);
        }

        async Task<IReadOnlyList<string>> LinesAsync() =>
            [.. (await k2hr3.Roles.GetAsync(name, Ct)).Hosts.Select(h => h.Format()).Order(StringComparer.Ordinal)];
    }
}
