using System.Text.Json;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Templates;
using static K2hdkcDbaas.Contracts.Tests.Waiting;

namespace K2hdkcDbaas.Contracts.Tests;

public sealed class K2hr3RoutesOnSandbox(SandboxTarget target) : K2hr3RoutesContract(target), IClassFixture<SandboxTarget>;

public sealed class K2hr3RoutesOnNewerSandbox(NewerSandboxTarget target)
    : K2hr3RoutesContract(target), IClassFixture<NewerSandboxTarget>;

public sealed class K2hr3RoutesOnRealApi(RealK2hr3Target target) : K2hr3RoutesContract(target), IClassFixture<RealK2hr3Target>;

/// <summary>
/// The routes of K2HR3 one by one, with what they refuse. The caller's address must be 127.0.0.1 there: ACR and hosts without tokens are
/// known by theirs.
/// </summary>
public abstract class K2hr3RoutesContract(Target target)
{
    private const string Here = "127.0.0.1";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Tenant => target.Tenant;

    // Services.

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

    // ACR.

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

    [Fact]
    public async Task A_check_of_a_token_spends_it_whatever_the_answer_is()
    {
        var k2hr3 = target.ConnectK2hr3();
        var name = NewName("svc");
        await k2hr3.Services.SaveAsync(name, ResourceChange.Value("http://verify.example/"), Ct);
        try
        {
            var good = await target.ConnectK2hr3().GetUserTokenAsync(Ct);
            var seen = await k2hr3.Acr.VerifyAsync(name, good, Ct);
            Assert.Equal((Tenant, name), (seen.Tenant, seen.Service));
            Assert.Equal(target.UserName, seen.User, ignoreCase: true);
            Assert.Equal(ErrorKind.Unauthenticated,
                (await Assert.ThrowsAsync<ServiceException>(() => k2hr3.Acr.VerifyAsync(name, good, Ct))).Kind);

            var refused = await target.ConnectK2hr3().GetUserTokenAsync(Ct);
            await FailsAsync(ServiceErrorIds.Forbidden, () => k2hr3.Acr.VerifyAsync(NewName("none"), refused, Ct));
            Assert.Equal(ErrorKind.Unauthenticated,
                (await Assert.ThrowsAsync<ServiceException>(() => k2hr3.Acr.VerifyAsync(name, refused, Ct))).Kind);
            Assert.Equal(ErrorKind.Unauthenticated,
                (await Assert.ThrowsAsync<ServiceException>(() => k2hr3.Acr.VerifyAsync(name, new string('0', 64), Ct))).Kind);
        }
        finally
        {
            await k2hr3.Services.DeleteAsync(name, Ct);
        }
    }

    // Local tenants.

    [Fact]
    public async Task A_local_tenant_has_only_users_that_are_known_and_is_changed_by_them_alone()
    {
        var k2hr3 = target.ConnectK2hr3();
        var name = NewName("ten");
        var me = target.UserName.ToLowerInvariant();
        await k2hr3.WhoAmIAsync(Ct);
        await k2hr3.Tenants.CreateAsync(name, null, null, [me, "stranger-to-all"], Ct);
        var tenant = (await k2hr3.Tenants.ListAsync(Ct)).Single(t => t.Name == "local@" + name);
        try
        {
            Assert.Equal([me], tenant.Users!);
            Assert.Equal("local@" + name, tenant.Display);
            Assert.False(string.IsNullOrEmpty(tenant.Desc));
            Assert.Equal(tenant.Id, (await k2hr3.Tenants.GetAsync(tenant.Name, Ct)).Id);
            await FailsAsync(ServiceErrorIds.InvalidRequest, () => k2hr3.Tenants.CreateAsync(name, null, null, [me], Ct));
            await FailsAsync(ServiceErrorIds.InvalidRequest,
                () => k2hr3.Tenants.UpdateAsync(tenant with { Id = Guid.NewGuid().ToString() }, "x", "y", [me], Ct));
            await FailsAsync(ServiceErrorIds.InvalidRequest, () => k2hr3.Tenants.UpdateAsync(tenant, "x", "y", [], Ct));
            await FailsAsync(ServiceErrorIds.InvalidRequest, () => k2hr3.Tenants.DeleteAsync(tenant.Name, Guid.NewGuid().ToString(), Ct));
            await k2hr3.Tenants.UpdateAsync(tenant, "Shown", "Told", [me, "stranger-to-all"], Ct);
            var changed = await k2hr3.Tenants.GetAsync(tenant.Name, Ct);
            Assert.Equal(("Shown", "Told"), (changed.Display, changed.Desc));
            Assert.Equal([me], changed.Users!);
        }
        finally
        {
            await k2hr3.Tenants.LeaveAsync(tenant.Name, tenant.Id, Ct);
        }

        // With its last user the tenant is gone.
        Assert.DoesNotContain(await k2hr3.Tenants.ListAsync(Ct), t => t.Name == tenant.Name);
        await FailsAsync(ServiceErrorIds.InvalidRequest, () => k2hr3.Tenants.GetAsync(tenant.Name, Ct));
        await FailsAsync(ServiceErrorIds.InvalidRequest, () => k2hr3.Tenants.DeleteAsync(tenant, Ct));
    }

    // Versions.

    [Fact]
    public async Task The_list_of_paths_is_the_one_that_was_never_kept_up_to_date()
    {
        var k2hr3 = target.ConnectK2hr3(credential: new K2hr3TokenCredential("none"));
        Assert.Equal(["v1"], await k2hr3.GetVersionsAsync(Ct));
        var paths = await k2hr3.GetPathsAsync("v1", Ct);
        Assert.Equal(21, paths.Count);
        Assert.Equal(["HEAD", "GET", "DELETE"], paths["/v1/resource/{resource}"]);
        Assert.Equal(["GET", "PUT", "POST", "DELETE"], paths["/v1/acr/{service}"]);
        Assert.Equal(["HEAD", "GET", "POST"], paths["/v1/user/tokens"]);
        Assert.DoesNotContain(paths.Keys, p => p.Contains("tenant", StringComparison.Ordinal));
        await FailsAsync(ServiceErrorIds.NotFound, () => k2hr3.GetPathsAsync("v2", Ct));
    }

    // Role tokens.

    [Fact]
    public async Task A_role_token_is_good_until_it_is_revoked()
    {
        var k2hr3 = target.ConnectK2hr3();
        var name = NewName("tok");
        var yrn = Yrn.Role(Tenant, name);
        await k2hr3.Roles.SaveAsync(name, null, null, Ct);
        try
        {
            var token = await k2hr3.RoleTokens.IssueAsync(name, TimeSpan.FromHours(2), Ct);
            Assert.True(await k2hr3.IsRoleTokenGoodAsync(yrn, token.Value, Ct));
            // Asked so, K2HR3 says nothing about the role.
            Assert.True(await k2hr3.IsRoleTokenGoodAsync(Yrn.Role(Tenant, NewName("none")), token.Value, Ct));
            Assert.False(await k2hr3.IsRoleTokenGoodAsync(yrn, new string('0', 64), Ct));
            var listed = Assert.Single(await k2hr3.RoleTokens.ListAsync(name, Ct));
            Assert.Equal(TimeSpan.FromHours(2), listed.Expires - listed.Created);
            Assert.Equal(target.UserName, listed.User, ignoreCase: true);

            await k2hr3.RoleTokens.DeleteAsync(token.Value, Ct);
            Assert.False(await k2hr3.IsRoleTokenGoodAsync(yrn, token.Value, Ct));
            Assert.Empty(await k2hr3.RoleTokens.ListAsync(name, Ct));
            await FailsAsync(ServiceErrorIds.Forbidden, () => k2hr3.RoleTokens.DeleteAsync(token.Value, Ct));
        }
        finally
        {
            await k2hr3.Roles.DeleteAsync(name, Ct);
        }
    }

    [Fact]
    public async Task A_role_token_ends_with_its_time_and_with_its_role()
    {
        var k2hr3 = target.ConnectK2hr3();
        var name = NewName("tok");
        var yrn = Yrn.Role(Tenant, name);
        await k2hr3.Roles.SaveAsync(name, null, null, Ct);
        try
        {
            var brief = await k2hr3.RoleTokens.IssueAsync(name, TimeSpan.FromSeconds(2), Ct);
            await target.UntilAsync(() => k2hr3.IsRoleTokenGoodAsync(yrn, brief.Value, Ct), good => !good);
            Assert.Empty(await k2hr3.RoleTokens.ListAsync(name, Ct));

            var orphan = await k2hr3.RoleTokens.IssueAsync(name, null, Ct);
            await k2hr3.Roles.DeleteAsync(name, Ct);
            Assert.False(await k2hr3.IsRoleTokenGoodAsync(yrn, orphan.Value, Ct));
            await FailsAsync(ServiceErrorIds.NotFound, () => k2hr3.RoleTokens.ListAsync(name, Ct));
            // The role that is made again is another one.
            await k2hr3.Roles.SaveAsync(name, null, null, Ct);
            Assert.False(await k2hr3.IsRoleTokenGoodAsync(yrn, orphan.Value, Ct));
            Assert.Empty(await k2hr3.RoleTokens.ListAsync(name, Ct));
        }
        finally
        {
            await k2hr3.Roles.DeleteAsync(name, Ct);
        }
    }

    [Fact]
    public async Task A_role_that_is_only_a_branch_has_no_tokens_to_ask_for()
    {
        var k2hr3 = target.ConnectK2hr3();
        var name = NewName("branch");
        await k2hr3.Roles.SaveAsync(name + "/leaf", null, null, Ct);
        try
        {
            var tree = Assert.Single(await k2hr3.Lists.GetAsync(ListKind.Role, null, deep: true, Ct), t => t.Name == name);
            Assert.Equal("leaf", Assert.Single(tree.Children).Name);
            Assert.Empty((await k2hr3.Roles.GetAsync(name, Ct)).Policies);
            await FailsAsync(ServiceErrorIds.NotFound, () => k2hr3.RoleTokens.ListAsync(name, Ct));
            await FailsAsync(ServiceErrorIds.NotFound, () => k2hr3.RoleTokens.IssueAsync(name, null, Ct));
            Assert.Empty(await k2hr3.RoleTokens.ListAsync(name + "/leaf", Ct));
        }
        finally
        {
            await k2hr3.Roles.DeleteAsync(name + "/leaf", Ct);
            await k2hr3.Roles.DeleteAsync(name, Ct);
        }

        Assert.DoesNotContain(await k2hr3.Lists.GetAsync(ListKind.Role, null, deep: true, Ct), t => t.Name == name);
    }

    // What guests fetch.

    [Fact]
    public async Task User_data_names_role_token_and_address_and_a_bad_path_brings_a_script_that_says_so()
    {
        var k2hr3 = target.ConnectK2hr3();
        var name = NewName("usr");
        await k2hr3.Roles.SaveAsync(name, null, null, Ct);
        RoleToken token;
        try
        {
            token = await k2hr3.RoleTokens.IssueAsync(name, TimeSpan.FromHours(1), Ct);
            var data = await k2hr3.UserData.GetAsync(token, Ct);
            Assert.Contains("#cloud-config", data, StringComparison.Ordinal);
            Assert.Contains($"K2HR3_ROLE_TOKEN=\"{token.Value}\"", data, StringComparison.Ordinal);
            Assert.Contains($"K2HR3_ROLE_NAME=\"{Yrn.Role(Tenant, name)}\"", data, StringComparison.Ordinal);
            Assert.Contains($"K2HR3_ROLE_TENANT=\"{Full(Tenant)}\"", data, StringComparison.Ordinal);
        }
        finally
        {
            await k2hr3.Roles.DeleteAsync(name, Ct);
        }

        // Nobody looks whether the token is still good.
        Assert.Contains(token.Value, await k2hr3.UserData.GetAsync(token, Ct), StringComparison.Ordinal);
        var error = await k2hr3.UserData.GetAsync(new RoleToken("none", "no-such-path"), Ct);
        Assert.Contains("Get userdata path is invalid.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("#cloud-config", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task External_data_is_for_the_client_that_its_configuration_names()
    {
        var k2hr3 = target.ConnectK2hr3();
        var name = NewName("ext");
        await k2hr3.Roles.SaveAsync(name, null, null, Ct);
        try
        {
            var token = await k2hr3.RoleTokens.IssueAsync(name, TimeSpan.FromHours(1), Ct);
            // The template "dummy" is the one of k2hr3_api's own configurations for developers.
            var data = await k2hr3.UserData.GetExternalAsync("dummy", token, "Dummy-Client", Ct);
            Assert.Contains(token.Value, data, StringComparison.Ordinal);
            Assert.Contains(Yrn.Role(Tenant, name), data, StringComparison.Ordinal);
            await FailsAsync(ServiceErrorIds.InvalidRequest, () => k2hr3.UserData.GetExternalAsync("dummy", token, "x dummy-client", Ct));
            await FailsAsync(ServiceErrorIds.InvalidRequest, () => k2hr3.UserData.GetExternalAsync("nosuch", token, "dummy-client", Ct));
            await FailsAsync(ServiceErrorIds.InvalidRequest,
                () => k2hr3.UserData.GetExternalAsync("dummy", new RoleToken("none", "no-such-path"), "dummy-client", Ct));
        }
        finally
        {
            await k2hr3.Roles.DeleteAsync(name, Ct);
        }
    }

    // Null, empty and absent.

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

    // Hosts.

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

    private static JsonDocument Lent(int seconds) => JsonDocument.Parse(
        $$$"""
        [{"name":"texts","expire":{{{seconds}}},"type":"string","data":"lent","keys":{"a":1}},
         {"name":"lists","expire":null,"type":"object","data":[1,2],"keys":{}}]
        """);

    private static string Full(string tenant) => Yrn.Prefix + "::" + tenant;

    private static async Task<IEnumerable<string>> TenantsAsync(K2hr3Client k2hr3, string service) =>
        (await k2hr3.Services.GetAsync(service, Ct)).Tenant!.Order(StringComparer.Ordinal);

    private static async Task<string?> ErrorOfAsync(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (ServiceException e)
        {
            return e.ErrorId;
        }
    }

    private string OfService(string service, YrnKind kind, string name) => Yrn.Of(Tenant, kind, name, service);
}
