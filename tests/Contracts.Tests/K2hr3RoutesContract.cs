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
public abstract partial class K2hr3RoutesContract(Target target)
{
    private const string Here = "127.0.0.1";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Tenant => target.Tenant;

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

    private static string Full(string tenant) => Yrn.Prefix + "::" + tenant;

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
}
