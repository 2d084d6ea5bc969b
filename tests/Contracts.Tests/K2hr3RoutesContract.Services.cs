using System.Text.Json;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Templates;
using static K2hdkcDbaas.Contracts.Tests.Waiting;

namespace K2hdkcDbaas.Contracts.Tests;

/// <content>Services, who may take them up, and what they lend.</content>
public abstract partial class K2hr3RoutesContract
{
    [Fact]
    public async Task The_tenants_of_a_service_are_added_asked_for_replaced_and_kept()
    {
        var k2hr3 = target.ConnectK2hr3();
        var name = NewName("svc");
        await k2hr3.Services.SaveAsync(name, ResourceChange.Value("http://verify.example/"), Ct);
        try
        {
            Assert.Equal([Full(Tenant)], (await k2hr3.Services.GetAsync(name, Ct)).Tenant!);
            await k2hr3.Services.SetTenantsAsync(name, ["one"], replace: false, Ct);
            await k2hr3.Services.SetTenantsAsync(name, ["two", Full("three")], replace: false, Ct);
            Assert.Equal(new[] { Full("one"), Full("three"), Full("two"), Full(Tenant) }.Order(StringComparer.Ordinal),
                await TenantsAsync(k2hr3, name));
            foreach (var tenant in new[] { "one", "two", "three", Tenant })
                Assert.True(await k2hr3.Services.HasTenantAsync(name, tenant, Ct), tenant);
            Assert.False(await k2hr3.Services.HasTenantAsync(name, "four", Ct));
            await k2hr3.Services.SetTenantsAsync(name, ["two"], replace: true, Ct);
            Assert.Equal(new[] { Full("two"), Full(Tenant) }.Order(StringComparer.Ordinal), await TenantsAsync(k2hr3, name));
            Assert.False(await k2hr3.Services.HasTenantAsync(name, "one", Ct));

            await k2hr3.Services.SaveAsync(name, ResourceChange.Value("http://verify.example/other"), Ct);
            var changed = await k2hr3.Services.GetAsync(name, Ct);
            Assert.Equal("http://verify.example/other", changed.Verify!.Value.GetString());
            Assert.Contains(Full("two"), changed.Tenant!);
            Assert.Contains(await k2hr3.Lists.GetAsync(ListKind.Service, null, deep: false, Ct), t => t.Name == name);
        }
        finally
        {
            await k2hr3.Services.DeleteAsync(name, Ct);
        }

        Assert.DoesNotContain(await k2hr3.Lists.GetAsync(ListKind.Service, null, deep: false, Ct), t => t.Name == name);
    }

    [Fact]
    public async Task What_is_asked_of_a_service_that_is_not_there_is_refused()
    {
        var k2hr3 = target.ConnectK2hr3();
        var name = NewName("none");
        Assert.False(await k2hr3.Services.HasTenantAsync(name, Tenant, Ct));
        await FailsAsync(ServiceErrorIds.Forbidden, () => k2hr3.Services.GetAsync(name, Ct));
        await FailsAsync(ServiceErrorIds.Forbidden, () => k2hr3.Services.SetTenantsAsync(name, ["one"], replace: false, Ct));
        await FailsAsync(ServiceErrorIds.Forbidden, () => k2hr3.Services.DeleteAsync(name, Ct));
        await FailsAsync(ServiceErrorIds.Forbidden, () => k2hr3.Acr.JoinAsync(name, Ct));
        await FailsAsync(ServiceErrorIds.Forbidden, () => k2hr3.Acr.VerifyAsync(name, Ct));
        Assert.Empty(await k2hr3.Lists.GetOfServiceAsync(ListKind.Resource, name, Ct));
    }

    [Fact]
    public async Task A_service_without_usable_resources_cannot_be_taken_up()
    {
        var k2hr3 = target.ConnectK2hr3();
        var name = NewName("svc");
        using var useless = JsonDocument.Parse("[{\"name\":\"r\",\"type\":\"nonsense\",\"data\":\"x\"}]");
        try
        {
            await k2hr3.Services.SaveAsync(name, useless.RootElement, Ct);
            await FailsAsync(ServiceErrorIds.Forbidden, () => k2hr3.Acr.JoinAsync(name, Ct));
            await k2hr3.Services.SaveAsync(name, ResourceChange.Value("http://127.0.0.1:9/verify"), Ct);
            await FailsAsync(ServiceErrorIds.Forbidden, () => k2hr3.Acr.JoinAsync(name, Ct));
            Assert.Empty(await k2hr3.Lists.GetOfServiceAsync(ListKind.Resource, name, Ct));
            Assert.Empty(await k2hr3.Lists.GetOfServiceAsync(ListKind.Role, name, Ct));
        }
        finally
        {
            await k2hr3.Services.DeleteAsync(name, Ct);
        }
    }

    [Fact]
    public async Task What_a_service_lends_comes_with_a_policy_and_a_role_and_ends()
    {
        var k2hr3 = target.ConnectK2hr3();
        var name = NewName("svc");
        using var verify = Lent(3600);
        try
        {
            await k2hr3.Services.SaveAsync(name, verify.RootElement, Ct);
            await k2hr3.Acr.JoinAsync(name, Ct);
            Assert.Equal(["lists", "texts"],
                (await k2hr3.Lists.GetOfServiceAsync(ListKind.Resource, name, Ct)).Select(t => t.Name).Order());
            Assert.Equal("acr-policy", Assert.Single(await k2hr3.Lists.GetOfServiceAsync(ListKind.Policy, name, Ct)).Name);
            Assert.Equal("acr-role", Assert.Single(await k2hr3.Lists.GetOfServiceAsync(ListKind.Role, name, Ct)).Name);

            var texts = await k2hr3.Resources.GetAsync(OfService(name, YrnKind.Resource, "texts"), expand: false, Ct);
            Assert.Equal(("lent", "1"), (texts.Text, texts.Key("a")));
            var lists = await k2hr3.Resources.GetAsync(OfService(name, YrnKind.Resource, "lists"), expand: true, Ct);
            Assert.Equal("[1,2]", lists.Data?.GetRawText());
            var policy = await k2hr3.Policies.GetAsync(OfService(name, YrnKind.Policy, "acr-policy"), Ct);
            Assert.Equal("allow", policy.Effect);
            Assert.Equal([OfService(name, YrnKind.Resource, "lists"), OfService(name, YrnKind.Resource, "texts")],
                policy.Resources!.Order());
            var role = await k2hr3.Roles.GetAsync(OfService(name, YrnKind.Role, "acr-role"), Ct);
            Assert.Equal([OfService(name, YrnKind.Policy, "acr-policy")], role.Policies);
            // What belongs to a service is not for writing.
            await FailsAsync(ServiceErrorIds.InvalidRequest,
                () => k2hr3.Resources.DeleteAsync(OfService(name, YrnKind.Resource, "texts"), Ct));
        }
        finally
        {
            await k2hr3.Acr.LeaveAsync(name, Ct);
            Assert.Empty(await k2hr3.Lists.GetOfServiceAsync(ListKind.Resource, name, Ct));
            Assert.Empty(await k2hr3.Lists.GetOfServiceAsync(ListKind.Policy, name, Ct));
            Assert.Empty(await k2hr3.Lists.GetOfServiceAsync(ListKind.Role, name, Ct));
            await k2hr3.Services.DeleteAsync(name, Ct);
        }
    }

    [Fact]
    public async Task A_lent_resource_that_has_expired_is_gone()
    {
        var k2hr3 = target.ConnectK2hr3();
        var name = NewName("svc");
        using var verify = Lent(2);
        try
        {
            await k2hr3.Services.SaveAsync(name, verify.RootElement, Ct);
            await k2hr3.Acr.JoinAsync(name, Ct);
            var texts = OfService(name, YrnKind.Resource, "texts");
            Assert.Equal("lent", (await k2hr3.Resources.GetAsync(texts, expand: false, Ct)).Text);
            Assert.Equal(ServiceErrorIds.NotFound, await target.UntilAsync(() => ErrorOfAsync(() =>
                k2hr3.Resources.GetAsync(texts, expand: false, Ct)), e => e is not null));
        }
        finally
        {
            await k2hr3.Acr.LeaveAsync(name, Ct);
            await k2hr3.Services.DeleteAsync(name, Ct);
        }
    }

    [Fact]
    public async Task A_host_of_a_service_reads_what_a_client_of_it_may_read()
    {
        var k2hr3 = target.ConnectK2hr3();
        var (name, other) = (NewName("svc"), NewName("other"));
        using var verify = Lent(3600);
        var role = Yrn.Role(Tenant, name);
        try
        {
            await k2hr3.Services.SaveAsync(name, verify.RootElement, Ct);
            await k2hr3.Acr.JoinAsync(name, Ct);
            await k2hr3.Roles.SaveAsync(name, null, [OfService(name, YrnKind.Role, "acr-role")], Ct);
            await k2hr3.Roles.SaveAsync(other, [], null, Ct);
            await k2hr3.Roles.AddHostsAsync(name,
                [new RoleHost { Host = Here }, new RoleHost { Host = "192.0.2.8", Port = 80, Cuk = "c8" }], Ct);
            await k2hr3.Roles.AddHostsAsync(other, [new RoleHost { Host = "192.0.2.9" }], Ct);

            Task<IReadOnlyList<AcrResource>> Ask(AcrClientHost client, string? serviceRole = null) =>
                k2hr3.Acr.GetResourcesAsync(name, client, new AcrServiceHost(serviceRole ?? role), Ct);

            var lent = await Ask(new AcrClientHost("192.0.2.8", role, 80, "c8"));
            Assert.Equal(["lists", "texts"], lent.Select(r => r.Name).Order());
            var texts = lent.Single(r => r.Name == "texts");
            Assert.Equal(("string", "lent"), (texts.Type, texts.Data!.Value.GetString()));
            Assert.Equal(1, texts.Keys!.Value.GetProperty("a").GetInt32());
            Assert.True(DateTimeOffset.Parse(texts.Expire!.Value.GetString()!, null) > DateTimeOffset.UtcNow.AddMinutes(30));
            // Objects are lent as empty text.
            Assert.NotEqual(JsonValueKind.Array, lent.Single(r => r.Name == "lists").Data?.ValueKind);
            Assert.Equal(2, (await Ask(new AcrClientHost(Here, role))).Count);

            // A stranger, another key, a role that does not take from the service's, and a service's role that this host is not in.
            await FailsAsync(ServiceErrorIds.Forbidden, () => Ask(new AcrClientHost("192.0.2.7", role)));
            await FailsAsync(ServiceErrorIds.Forbidden, () => Ask(new AcrClientHost("192.0.2.8", role, 80, "c9")));
            await FailsAsync(ServiceErrorIds.Forbidden, () => Ask(new AcrClientHost("192.0.2.8", role, 81, "c8")));
            await FailsAsync(ServiceErrorIds.Forbidden, () => Ask(new AcrClientHost("192.0.2.9", Yrn.Role(Tenant, other))));
            await FailsAsync(ServiceErrorIds.Forbidden, () => Ask(new AcrClientHost(Here, role), Yrn.Role(Tenant, other)));
            // Known by its port and key, a client may leave either out.
            Assert.Equal(2, (await Ask(new AcrClientHost("192.0.2.8", role))).Count);
        }
        finally
        {
            await k2hr3.Roles.DeleteAsync(name, Ct);
            await k2hr3.Roles.DeleteAsync(other, Ct);
            await k2hr3.Acr.LeaveAsync(name, Ct);
            await k2hr3.Services.DeleteAsync(name, Ct);
        }
    }

    private static JsonDocument Lent(int seconds) => JsonDocument.Parse(
        $$$"""
        [{"name":"texts","expire":{{{seconds}}},"type":"string","data":"lent","keys":{"a":1}},
         {"name":"lists","expire":null,"type":"object","data":[1,2],"keys":{}}]
        """);

    private static async Task<IEnumerable<string>> TenantsAsync(K2hr3Client k2hr3, string service) =>
        (await k2hr3.Services.GetAsync(service, Ct)).Tenant!.Order(StringComparer.Ordinal);

    private string OfService(string service, YrnKind kind, string name) => Yrn.Of(Tenant, kind, name, service);
}
