using System.Text.Json;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.OpenStack.Configuration;
using K2hdkcDbaas.Templates;
using static K2hdkcDbaas.Contracts.Tests.Waiting;

namespace K2hdkcDbaas.Contracts.Tests;

public sealed class K2hr3OnSandbox(SandboxTarget target) : K2hr3Contract(target), IClassFixture<SandboxTarget>;

public sealed class K2hr3OnNewerSandbox(NewerSandboxTarget target) : K2hr3Contract(target), IClassFixture<NewerSandboxTarget>;

public sealed class K2hr3OnRealApi(RealK2hr3Target target) : K2hr3Contract(target), IClassFixture<RealK2hr3Target>;

/// <summary>What our client may rely on in K2HR3's REST API, with Keystone behind it.</summary>
public abstract class K2hr3Contract(Target target)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Tenant => target.Tenant;

    [Fact]
    public async Task It_says_what_it_speaks_without_a_token() =>
        Assert.Contains("v1", await target.ConnectK2hr3(credential: new K2hr3TokenCredential("none")).GetVersionsAsync(Ct));

    [Fact]
    public async Task A_Keystone_token_becomes_a_scoped_one_in_one_call()
    {
        target.NeedCloudUsers();
        var recorder = new Recorder();
        var k2hr3 = target.ConnectK2hr3(recorder);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => k2hr3.AuthenticateAsync(Ct)));
        Assert.Single(recorder.Exchanges);
        var me = await k2hr3.WhoAmIAsync(Ct);
        Assert.True(me.Scoped);
        Assert.Equal(Tenant, Assert.Single(me.Tenants).Name);
        Assert.Equal(target.UserName, me.User);
        Assert.DoesNotContain("gAAAA", recorder.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_and_password_become_a_scoped_token()
    {
        target.NeedCloudUsers();
        var user = (PasswordCredential)target.Cloud.Credential;
        var recorder = new Recorder();
        var k2hr3 = target.ConnectK2hr3(recorder,
            new K2hr3PasswordCredential(user.UserName!, user.Password) { Tenant = target.Cloud.Scope!.ProjectName });
        Assert.True((await k2hr3.WhoAmIAsync(Ct)).Scoped);
        Assert.DoesNotContain(user.Password, recorder.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_an_unknown_tenant_and_a_token_that_is_none_are_failed_log_ins()
    {
        target.NeedCloudUsers();
        var user = (PasswordCredential)target.Cloud.Credential;
        await FailsAsync("K2hr3LogInFailed",
            () => target.ConnectK2hr3(credential: new K2hr3PasswordCredential(user.UserName!, "certainly-wrong") { Tenant = Tenant })
                .AuthenticateAsync(Ct));
        await FailsAsync("K2hr3LogInFailed",
            () => target.ConnectK2hr3(credential: new K2hr3PasswordCredential(user.UserName!, user.Password) { Tenant = "no-such-tenant" })
                .AuthenticateAsync(Ct));
        await FailsAsync("TokenEnded",
            () => target.ConnectK2hr3(credential: new K2hr3TokenCredential("gAAAAA-none") { Tenant = Tenant }).AuthenticateAsync(Ct));
        var failure = await FailsAsync("K2hr3LogInFailed",
            () => target.ConnectK2hr3(
                credential: new ForeignTokenCredential(_ => Task.FromResult(new ForeignToken("gAAAAA-none", null))) { Tenant = Tenant })
                .AuthenticateAsync(Ct));
        Assert.Equal(ErrorKind.Unauthenticated, failure.Kind);
    }

    [Fact]
    public async Task A_resource_gives_its_text_and_keys_to_its_children()
    {
        var k2hr3 = target.ConnectK2hr3();
        var name = NewName("res");
        try
        {
            await k2hr3.Resources.SaveAsync(name, new ResourceChange
            {
                Text = "name={{= %cluster-name% }}\n",
                Keys = new Dictionary<string, JsonElement>
                {
                    ["cluster-name"] = ResourceChange.Value(name),
                    ["chmpx-server-port"] = ResourceChange.Value(8020)
                },
            }, Ct);
            await k2hr3.Resources.SaveAsync(name + "/server",
                new ResourceChange
                {
                    Text = "",
                    Keys = new Dictionary<string, JsonElement> { ["chmpx-mode"] = ResourceChange.Value("SERVER") }
                }, Ct);

            var child = await k2hr3.Resources.GetAsync(name + "/server", expand: true, Ct);
            Assert.Contains($"name={name}", child.Text!, StringComparison.Ordinal);
            Assert.Equal(("SERVER", "8020"), (child.Key("chmpx-mode"), child.Key("chmpx-server-port")));
            Assert.Equal(JsonValueKind.Number, child.Keys!["chmpx-server-port"].ValueKind);

            var raw = await k2hr3.Resources.GetAsync(name, expand: false, Ct);
            Assert.Contains("{{= %cluster-name% }}", raw.Text!, StringComparison.Ordinal);
            Assert.Contains(await k2hr3.Lists.GetAsync(ListKind.Resource, null, deep: false, Ct), t => t.Name == name);
            Assert.Contains(await k2hr3.Lists.GetAsync(ListKind.Resource, name, deep: true, Ct), t => t.Name == "server");
        }
        finally
        {
            await k2hr3.Resources.DeleteAsync(name + "/server", Ct);
            await k2hr3.Resources.DeleteAsync(name, Ct);
        }
        await FailsAsync(ServiceErrorIds.NotFound, () => k2hr3.Resources.GetAsync(name, expand: true, Ct));
        await k2hr3.Resources.DeleteAsync(name, Ct);
    }

    [Fact]
    public async Task A_policy_is_kept_as_it_was_said()
    {
        var k2hr3 = target.ConnectK2hr3();
        var name = NewName("pol");
        var resource = Yrn.Resource(Tenant, name);
        await k2hr3.Resources.SaveAsync(name, new ResourceChange { Text = "x" }, Ct);
        try
        {
            await k2hr3.Policies.SaveAsync(new Policy { Name = name, Effect = "allow", Actions = [Yrn.Read], Resources = [resource] }, Ct);
            var policy = await k2hr3.Policies.GetAsync(name, Ct);
            Assert.Equal("allow", policy.Effect);
            Assert.Equal([Yrn.Read], policy.Actions!);
            Assert.Equal([resource], policy.Resources!);
            Assert.True(await k2hr3.Policies.IsAllowedAsync(Yrn.Policy(Tenant, name), resource, "read", Ct));
            Assert.False(await k2hr3.Policies.IsAllowedAsync(Yrn.Policy(Tenant, name), resource, "write", Ct));
        }
        finally
        {
            await k2hr3.Policies.DeleteAsync(name, Ct);
            await k2hr3.Resources.DeleteAsync(name, Ct);
        }
        await FailsAsync(ServiceErrorIds.NotFound, () => k2hr3.Policies.GetAsync(name, Ct));
        await k2hr3.Policies.DeleteAsync(name, Ct);
    }

    [Fact]
    public async Task A_role_takes_hosts_and_gives_them_back_line_by_line()
    {
        var k2hr3 = target.ConnectK2hr3();
        var name = NewName("role");
        try
        {
            await k2hr3.Roles.SaveAsync(name, null, null, Ct);
            await k2hr3.Roles.SaveAsync(name + "/server", null, null, Ct);
            RoleHost[] hosts =
            [
                new() { Host = "10.0.0.8", Cuk = "c8" },
                new() { Host = "10.0.0.9", Port = 8020, Cuk = "c9", Extra = RoleHost.OpenStackAuto, Tag = "n9.novalocal",
                    InboundIp = "1.1.1.1", OutboundIp = "2.2.2.2" },
                new() { Host = "10.0.0.10", Cuk = "c10", Extra = RoleHost.OpenStackAuto, Tag = "n10.novalocal" },
                new() { Host = "10.0.0.11", Cuk = "c11", Tag = "only-a-tag" },
                new() { Host = "10.0.0.12" },
            ];
            await k2hr3.Roles.AddHostsAsync(name + "/server", hosts, Ct);
            var role = await k2hr3.Roles.GetAsync(name + "/server", Ct);
            Assert.Equal(hosts.OrderBy(h => h.Host), role.Hosts.OrderBy(h => h.Host));
            await k2hr3.Roles.RemoveHostAsync(name + "/server", hosts[1], Ct);
            await k2hr3.Roles.RemoveHostAsync(name + "/server", hosts[0], Ct);
            Assert.Equal(["10.0.0.10", "10.0.0.11", "10.0.0.12"],
                (await k2hr3.Roles.GetAsync(name + "/server", Ct)).Hosts.Select(h => h.Host).Order());
        }
        finally
        {
            await k2hr3.Roles.DeleteAsync(name + "/server", Ct);
            await k2hr3.Roles.DeleteAsync(name, Ct);
        }
        Assert.Empty((await k2hr3.Roles.GetAsync(name + "/server", Ct)).Hosts);
        Assert.DoesNotContain(await k2hr3.Lists.GetAsync(ListKind.Role, null, deep: false, Ct), t => t.Name == name);
    }

    [Fact]
    public async Task A_child_role_has_its_parents_policies()
    {
        var k2hr3 = target.ConnectK2hr3();
        var name = NewName("role");
        try
        {
            await k2hr3.Policies.SaveAsync(new Policy { Name = name, Effect = "allow", Actions = [Yrn.Read], Resources = [] }, Ct);
            await k2hr3.Roles.SaveAsync(name, [Yrn.Policy(Tenant, name)], null, Ct);
            await k2hr3.Roles.SaveAsync(name + "/server", null, null, Ct);
            Assert.Equal([Yrn.Policy(Tenant, name)], (await k2hr3.Roles.GetAsync(name, Ct)).Policies);
            Assert.Empty((await k2hr3.Roles.GetAsync(name + "/server", Ct)).Policies);
            Assert.Equal([Yrn.Policy(Tenant, name)], await k2hr3.Roles.GetPoliciesAsync(name + "/server", Ct));
        }
        finally
        {
            await k2hr3.Roles.DeleteAsync(name + "/server", Ct);
            await k2hr3.Roles.DeleteAsync(name, Ct);
            await k2hr3.Policies.DeleteAsync(name, Ct);
        }
    }

    [Fact]
    public async Task A_role_token_brings_user_data_registers_a_host_and_reads_its_resource()
    {
        var recorder = new Recorder();
        var k2hr3 = target.ConnectK2hr3(recorder);
        var name = NewName("tok");
        var yrn = Yrn.Role(Tenant, name);
        try
        {
            await k2hr3.Resources.SaveAsync(name,
                new ResourceChange
                {
                    Text = "hello {{= %who% }}\n",
                    Keys = new Dictionary<string, JsonElement> { ["who"] = ResourceChange.Value("you") }
                }, Ct);
            await k2hr3.Policies.SaveAsync(
                new Policy { Name = name, Effect = "allow", Actions = [Yrn.Read], Resources = [Yrn.Resource(Tenant, name)] }, Ct);
            await k2hr3.Roles.SaveAsync(name, [Yrn.Policy(Tenant, name)], null, Ct);
            Assert.Empty(await k2hr3.RoleTokens.ListAsync(name, Ct));

            var shortLived = await k2hr3.RoleTokens.IssueAsync(name, TimeSpan.FromHours(1), Ct);
            var token = await k2hr3.RoleTokens.IssueAsync(name, null, Ct);
            var tokens = await k2hr3.RoleTokens.ListAsync(name, Ct);
            Assert.Equal([token.Value, shortLived.Value], tokens.Select(t => t.Value));
            Assert.True(tokens[0].Expires > DateTimeOffset.UtcNow.AddYears(5));

            Assert.Contains(token.Value, await k2hr3.UserData.GetAsync(tokens[0], Ct), StringComparison.Ordinal);
            Assert.StartsWith("#include\nhttp", k2hr3.UserData.IncludeOf(token), StringComparison.Ordinal);

            await k2hr3.Roles.RegisterSelfAsync(yrn, token.Value, "cuk-1", "host.example", Ct);
            var host = Assert.Single((await k2hr3.Roles.GetAsync(name, Ct)).Hosts);
            Assert.Equal(("cuk-1", "host.example", RoleHost.OpenStackAuto, 0), (host.Cuk, host.Tag, host.Extra, host.Port));
            Assert.Equal("hello you\n", await k2hr3.Resources.ReadAsRoleAsync(Yrn.Resource(Tenant, name), token.Value, Ct));

            await k2hr3.RoleTokens.DeleteAsync(shortLived.Value, Ct);
            Assert.Equal([token.Value], (await k2hr3.RoleTokens.ListAsync(name, Ct)).Select(t => t.Value));
            foreach (var secret in new[] { token.Value, shortLived.Value, token.RegisterPath, tokens[0].RegisterPath,
                Uri.UnescapeDataString(token.RegisterPath) })
                Assert.DoesNotContain(secret, recorder.Text, StringComparison.Ordinal);
        }
        finally
        {
            await k2hr3.Roles.DeleteAsync(name, Ct);
            await k2hr3.Policies.DeleteAsync(name, Ct);
            await k2hr3.Resources.DeleteAsync(name, Ct);
        }
    }

    [Fact]
    public async Task A_role_token_of_a_role_that_is_not_there_is_not_found() =>
        await FailsAsync(ServiceErrorIds.NotFound, () => target.ConnectK2hr3().RoleTokens.IssueAsync(NewName("none"), null, Ct));

    [Fact]
    public async Task Names_come_back_in_lower_case()
    {
        var k2hr3 = target.ConnectK2hr3();
        var name = NewName("low");
        await k2hr3.Roles.SaveAsync(name.ToUpperInvariant(), null, null, Ct);
        try
        {
            Assert.Contains(await k2hr3.Lists.GetAsync(ListKind.Role, null, deep: false, Ct), t => t.Name == name);
        }
        finally
        {
            await k2hr3.Roles.DeleteAsync(name, Ct);
        }
    }

    [Fact]
    public async Task A_service_is_lent_taken_up_and_given_back()
    {
        var k2hr3 = target.ConnectK2hr3();
        var name = NewName("svc");
        using var verify =
            JsonDocument.Parse("[{\"name\":\"" + name + "res\",\"expire\":null,\"type\":\"string\",\"data\":\"lent\",\"keys\":{}}]");
        try
        {
            await k2hr3.Services.SaveAsync(name, verify.RootElement, Ct);
            await k2hr3.Services.SetTenantsAsync(name, [Tenant, "another"], replace: false, Ct);
            Assert.Equal(2, (await k2hr3.Services.GetAsync(name, Ct)).Tenant!.Count);
            Assert.True(await k2hr3.Services.HasTenantAsync(name, Tenant, Ct));
            Assert.False(await k2hr3.Services.HasTenantAsync(name, "nobody", Ct));
            await k2hr3.Acr.JoinAsync(name, Ct);
            var seen = await k2hr3.Acr.VerifyAsync(name, Ct);
            Assert.Equal((Tenant, name), (seen.Tenant, seen.Service));
            Assert.True((await k2hr3.WhoAmIAsync(Ct)).Scoped, "the session's own token must live on");
            await k2hr3.Acr.LeaveAsync(name, Ct);
            await k2hr3.Services.SetTenantsAsync(name, [Tenant], replace: true, Ct);
            Assert.Equal(["yrn:yahoo:::" + Tenant], (await k2hr3.Services.GetAsync(name, Ct)).Tenant!);
        }
        finally
        {
            await k2hr3.Services.DeleteAsync(name, Ct);
        }
    }

    [Fact]
    public async Task A_token_that_has_ended_is_renewed_once()
    {
        target.NeedCloudUsers();
        var recorder = new Recorder();
        var cloud = target.Connect();
        var first = true;
        // The first token given is one that K2HR3 has not made; the second log-in gets a good one.
        var k2hr3 = target.ConnectK2hr3(recorder, new ForeignTokenCredential(async ct =>
        {
            var token = await cloud.AuthenticateAsync(ct);
            return new ForeignToken(token.Value, first ? DateTimeOffset.UtcNow : token.ExpiresAt);
        })
        { Tenant = Tenant });
        await k2hr3.AuthenticateAsync(Ct);
        first = false;
        await k2hr3.WhoAmIAsync(Ct);
        await k2hr3.WhoAmIAsync(Ct);
        Assert.Equal(2, recorder.Exchanges.Count(e => e.Method == "POST"));
    }

    [Fact]
    public async Task A_service_keeps_its_tenants()
    {
        var k2hr3 = target.ConnectK2hr3();
        var name = NewName("svc");
        await k2hr3.Services.SaveAsync(name, ResourceChange.Value("http://verify.example/"), Ct);
        try
        {
            await k2hr3.Services.SetTenantsAsync(name, [Tenant, "another"], replace: false, Ct);
            Assert.Equal(["yrn:yahoo:::" + Tenant, "yrn:yahoo:::another"],
                (await k2hr3.Services.GetAsync(name, Ct)).Tenant!.OrderDescending());
            await k2hr3.Services.SetTenantsAsync(name, [Tenant], replace: true, Ct);
            Assert.Equal(["yrn:yahoo:::" + Tenant], (await k2hr3.Services.GetAsync(name, Ct)).Tenant!);
        }
        finally
        {
            await k2hr3.Services.DeleteAsync(name, Ct);
        }
    }

    [Fact]
    public async Task A_local_tenant_is_made_shown_changed_and_deleted()
    {
        var k2hr3 = target.ConnectK2hr3();
        var name = NewName("ten").Replace('-', '_');
        await k2hr3.Tenants.CreateAsync(name, "Display", "Description", [target.UserName], Ct);
        var tenant = (await k2hr3.Tenants.ListAsync(Ct)).Single(t => t.Name == "local@" + name);
        try
        {
            Assert.Equal(("Display", "Description"), (tenant.Display, tenant.Desc));
            await k2hr3.Tenants.UpdateAsync(tenant, "Other", "Else", tenant.Users!, Ct);
            Assert.Equal("Other", (await k2hr3.Tenants.GetAsync(tenant.Name, Ct)).Display);
        }
        finally
        {
            await k2hr3.Tenants.DeleteAsync(tenant, Ct);
        }
        Assert.DoesNotContain(await k2hr3.Tenants.ListAsync(Ct), t => t.Name == tenant.Name);
    }
}
