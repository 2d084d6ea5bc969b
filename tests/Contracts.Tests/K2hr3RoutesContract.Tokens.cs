using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Templates;
using static K2hdkcDbaas.Contracts.Tests.Waiting;

namespace K2hdkcDbaas.Contracts.Tests;

/// <content>Tokens of users and roles, and what guests get by them.</content>
public abstract partial class K2hr3RoutesContract
{
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
}
