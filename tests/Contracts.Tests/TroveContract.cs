using System.Text.Json;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Trove;
using static K2hdkcDbaas.Contracts.Tests.Waiting;

namespace K2hdkcDbaas.Contracts.Tests;

public sealed class TroveOnSandbox(SandboxTarget target) : TroveContract(target), IClassFixture<SandboxTarget>;

public sealed class TroveOnRealCloud(RealTroveTarget target) : TroveContract(target), IClassFixture<RealTroveTarget>;

/// <summary>What our client may rely on in Trove, with a datastore k2hdkc.</summary>
public abstract class TroveContract(Target target)
{
    private const string Nowhere = "00000000-0000-0000-0000-000000000000";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_datastore_tells_its_versions_and_parameters()
    {
        var trove = target.Connect().Database;
        var datastore = await DatastoreAsync(trove);
        Assert.Contains((await trove.Datastores.ListAsync(Ct)).Single(d => d.Name == "k2hdkc").Versions, v => v.Name == datastore.Version);
        var parameters = await trove.Datastores.ListParametersAsync("k2hdkc", datastore.Version!, Ct);
        Assert.Equal("string", parameters.Single(p => p.Name == "cluster-name").Type);
        var port = parameters.Single(p => p.Name == "chmpx-server-port");
        Assert.Equal(("integer", 65535L), (port.Type, port.Max));
        await FailsAsync(ServiceErrorIds.NotFound, () => trove.Datastores.ListParametersAsync("no-such-datastore", datastore.Version!, Ct));
    }

    [Fact]
    public async Task Flavors_limits_and_lists_can_be_read()
    {
        var trove = target.Connect().Database;
        Assert.All(await trove.Flavors.ListAsync(Ct), f => Assert.NotEmpty(f.StrId));
        var token = await target.Connect().AuthenticateAsync(Ct);
        Assert.Contains(await trove.Limits.GetQuotasAsync(token.ProjectId!, Ct), q => q.Resource == "instances" && q.Limit != 0);
        await trove.Clusters.ListAsync(Ct).ToListAsync(Ct);
        await trove.Instances.ListAsync(Ct).ToListAsync(Ct);
        await trove.Backups.ListAsync(Ct).ToListAsync(Ct);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        var trove = target.Connect().Database;
        await FailsAsync(ServiceErrorIds.NotFound, () => trove.Clusters.GetAsync(Nowhere, Ct));
        await FailsAsync(ServiceErrorIds.NotFound, () => trove.Instances.GetAsync(Nowhere, Ct));
        await FailsAsync(ServiceErrorIds.NotFound, () => trove.Backups.GetAsync(Nowhere, Ct));
        await FailsAsync(ServiceErrorIds.NotFound, () => trove.Configurations.GetAsync(Nowhere, Ct));
        await FailsAsync(ServiceErrorIds.NotFound, () => trove.Backups.CreateAsync(Nowhere, "x", null, Ct));
        Assert.False(await trove.Instances.DeleteAsync(Nowhere, Ct));
        Assert.False(await trove.Clusters.DeleteAsync(Nowhere, Ct));
        Assert.False(await trove.Backups.DeleteAsync(Nowhere, Ct));
        Assert.False(await trove.Configurations.DeleteAsync(Nowhere, Ct));
    }

    [Fact]
    public async Task A_configuration_group_is_made_changed_replaced_and_deleted()
    {
        var trove = target.Connect().Database;
        var datastore = await DatastoreAsync(trove);
        var name = NewName("conf");
        var group = await trove.Configurations.CreateAsync(name, "contract test", datastore, Values(name, 8020), Ct);
        try
        {
            Assert.Contains(await trove.Configurations.ListAsync(Ct).ToListAsync(Ct), g => g.Id == group.Id && g.DatastoreName == "k2hdkc");
            await trove.Configurations.ChangeAsync(group.Id,
                new Dictionary<string, JsonElement> { ["chmpx-server-ctlport"] = Number(8022) }, Ct);
            var changed = await trove.Configurations.GetAsync(group.Id, Ct);
            Assert.Equal(3, changed.Values!.Count);
            Assert.Equal((8020, 8022), (changed.Values["chmpx-server-port"].GetInt32(), changed.Values["chmpx-server-ctlport"].GetInt32()));
            await trove.Configurations.ReplaceAsync(group.Id, Values(name, 8030), null, null, Ct);
            var replaced = await trove.Configurations.GetAsync(group.Id, Ct);
            Assert.Equal(2, replaced.Values!.Count);
            Assert.Equal(8030, replaced.Values["chmpx-server-port"].GetInt32());
            Assert.Equal(name, replaced.Name);
            Assert.Empty(await trove.Configurations.ListInstancesAsync(group.Id, Ct).ToListAsync(Ct));
        }
        finally
        {
            Assert.True(await trove.Configurations.DeleteAsync(group.Id, Ct));
        }
        await FailsAsync(ServiceErrorIds.NotFound, () => trove.Configurations.GetAsync(group.Id, Ct));
    }

    [Theory]
    [InlineData("colour", "\"red\"")]
    [InlineData("chmpx-server-port", "\"abc\"")]
    [InlineData("chmpx-server-port", "99999")]
    public async Task A_setting_that_cannot_be_is_refused(string name, string json)
    {
        var trove = target.Connect().Database;
        using var value = JsonDocument.Parse(json);
        var failure = await FailsAsync(ServiceErrorIds.InvalidRequest, async () =>
            await trove.Configurations.CreateAsync(NewName("conf"), null, await DatastoreAsync(trove),
                new Dictionary<string, JsonElement> { [name] = value.RootElement }, Ct));
        Assert.Contains(name, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DatastoreNotFound")]
    [InlineData("DatastoreVersionNotFound")]
    [InlineData("FlavorNotFound")]
    public async Task An_instance_of_something_missing_says_what_is_missing(string errorId)
    {
        var cloud = target.Connect();
        var good = await NewInstanceAsync(cloud, NewName("db"), null);
        var bad = errorId switch
        {
            "DatastoreNotFound" => good with { Datastore = new DatastoreReference("nosql") { Version = "1" } },
            "DatastoreVersionNotFound" => good with { Datastore = good.Datastore with { Version = "9" } },
            _ => good with { FlavorId = Nowhere },
        };
        await FailsAsync(errorId, () => cloud.Database.Instances.CreateAsync(bad, Ct));
    }

    [Fact]
    public async Task A_volume_beyond_the_limit_is_an_invalid_request_and_no_quota()
    {
        var cloud = target.Connect();
        var good = await NewInstanceAsync(cloud, NewName("db"), null);
        await FailsAsync(ServiceErrorIds.InvalidRequest, () => cloud.Database.Instances.CreateAsync(good with { VolumeSize = 999 }, Ct));
    }

    [Fact]
    public async Task An_instance_lives_with_its_group_its_backup_and_its_restored_twin()
    {
        var cloud = target.Connect();
        var trove = cloud.Database;
        var name = NewName("db");
        var group = await trove.Configurations.CreateAsync(name, null, await DatastoreAsync(trove), Values(name, 8020), Ct);
        var instances = new List<string>();
        try
        {
            var made = await trove.Instances.CreateAsync(await NewInstanceAsync(cloud, name, group.Id), Ct);
            instances.Add(made.Id);
            await FailsAsync(ServiceErrorIds.Conflict, () => trove.Backups.CreateAsync(made.Id, name, null, Ct));
            await FailsAsync(ServiceErrorIds.Conflict, () => trove.Instances.DeleteAsync(made.Id, Ct));
            await FailsAsync(ServiceErrorIds.Forbidden, () => trove.Instances.ResetStatusAsync(made.Id, Ct));
            var instance = await target.UntilAsync(() => trove.Instances.GetAsync(made.Id, Ct), i => i.Status != "BUILD");
            Assert.True(instance.IsReady, instance.Status);
            Assert.Equal(group.Id, instance.Configuration!.Id);
            Assert.NotEmpty(instance.Addresses!);
            Assert.Equal(1, instance.Volume!.Size);
            Assert.Contains(await trove.Configurations.ListInstancesAsync(group.Id, Ct).ToListAsync(Ct), i => i.Id == made.Id);
            Assert.Empty(await trove.Logs.ListAsync(made.Id, Ct));
            await FailsAsync(ServiceErrorIds.Conflict, () => trove.Configurations.DeleteAsync(group.Id, Ct));

            var backup = await trove.Backups.CreateAsync(made.Id, name, "contract test", Ct);
            backup = await target.UntilAsync(() => trove.Backups.GetAsync(backup.Id, Ct), b => b.Status is "COMPLETED" or "FAILED");
            Assert.True(backup.IsComplete, backup.Status);
            Assert.Equal(made.Id,
                Assert.Single(await trove.Backups.ListAsync(Ct).Where(b => b.InstanceId == made.Id).ToListAsync(Ct)).InstanceId);
            await ReadyAsync(trove, made.Id);

            var twin = await trove.Instances.CreateAsync(await NewInstanceAsync(cloud, name + "-2", group.Id) with { BackupId = backup.Id },
                Ct);
            instances.Add(twin.Id);
            await ReadyAsync(trove, twin.Id);

            Assert.True(await trove.Backups.DeleteAsync(backup.Id, Ct));
        }
        finally
        {
            foreach (var id in instances) await trove.Instances.DeleteAsync(id, Ct);
            foreach (var id in instances) await target.UntilAsync(() => IsGoneAsync(() => trove.Instances.GetAsync(id, Ct)), gone => gone);
            await trove.Configurations.DeleteAsync(group.Id, Ct);
        }
    }

    [Fact]
    public async Task An_instance_gives_its_group_up_and_takes_it_again()
    {
        var cloud = target.Connect();
        var trove = cloud.Database;
        var name = NewName("db");
        var group = await trove.Configurations.CreateAsync(name, null, await DatastoreAsync(trove), Values(name, 8020), Ct);
        var made = await trove.Instances.CreateAsync(await NewInstanceAsync(cloud, name, group.Id), Ct);
        try
        {
            await ReadyAsync(trove, made.Id);
            try
            {
                await trove.Instances.DetachConfigurationAsync(made.Id, Ct);
            }
            catch (ServiceException e) when (e.Message.Contains("No configuration parser", StringComparison.Ordinal))
            {
                Assert.Skip("This Trove has no parser for the defaults of k2hdkc, without which it cannot detach a group.");
            }
            var detached = await target.UntilAsync(() => trove.Instances.GetAsync(made.Id, Ct), i => i.Configuration is null);
            if (detached.Status == "RESTART_REQUIRED")
            {
                await FailsAsync(ServiceErrorIds.Conflict, () => trove.Instances.AttachConfigurationAsync(made.Id, group.Id, Ct));
                await trove.Instances.RestartAsync(made.Id, Ct);
            }
            await ReadyAsync(trove, made.Id);
            await trove.Instances.AttachConfigurationAsync(made.Id, group.Id, Ct);
            await target.UntilAsync(() => trove.Instances.GetAsync(made.Id, Ct), i => i.Configuration is not null);
        }
        finally
        {
            await trove.Instances.DeleteAsync(made.Id, Ct);
            await target.UntilAsync(() => IsGoneAsync(() => trove.Instances.GetAsync(made.Id, Ct)), gone => gone);
            await trove.Configurations.DeleteAsync(group.Id, Ct);
        }
    }

    [Fact]
    public async Task An_instance_in_a_network_that_is_not_there_is_taken_and_fails()
    {
        var cloud = target.Connect();
        var made = await cloud.Database.Instances.CreateAsync(
            await NewInstanceAsync(cloud, NewName("db"), null) with { Nics = [new DatabaseNic { NetworkId = Nowhere }] }, Ct);
        var failed = await target.UntilAsync(() => cloud.Database.Instances.GetAsync(made.Id, Ct), i => i.Status != "BUILD");
        Assert.Equal("ERROR", failed.Status);
        Assert.Contains(Nowhere, failed.Fault!.Message!, StringComparison.Ordinal);
        Assert.True(await cloud.Database.Instances.DeleteAsync(made.Id, Ct));
    }

    [Fact]
    public async Task A_cluster_is_made_grows_shrinks_and_goes()
    {
        var cloud = target.Connect();
        var trove = cloud.Database;
        var name = NewName("cl");
        var group = await trove.Configurations.CreateAsync(name, null, await DatastoreAsync(trove), Values(name, 8020), Ct);
        var member = await NewMemberAsync(cloud);
        var cluster = await trove.Clusters.CreateAsync(
            new NewDatabaseCluster
            {
                Name = name,
                Datastore = await DatastoreAsync(trove),
                Members = [member, member],
                ConfigurationId = group.Id
            }, Ct);
        try
        {
            Assert.False(cluster.IsIdle);
            await FailsAsync(ServiceErrorIds.Conflict, () => trove.Clusters.GrowAsync(cluster.Id, [member], Ct));
            cluster = await IdleAsync(trove, cluster.Id);
            Assert.Equal(2, cluster.Instances.Count);
            Assert.All(cluster.Instances, i => Assert.NotEmpty(i.Addresses!));
            Assert.Contains(await trove.Clusters.ListAsync(Ct).ToListAsync(Ct), c => c.Id == cluster.Id);
            Assert.Equal(cluster.Id, (await trove.Instances.GetAsync(cluster.Instances[0].Id, Ct)).ClusterId);
            await FailsAsync(ServiceErrorIds.NotSupported,
                () => trove.Backups.CreateAsync(cluster.Instances[0].Id, "of a member", null, Ct));
            await FailsAsync(ServiceErrorIds.NotSupported, () => trove.Instances.DeleteAsync(cluster.Instances[0].Id, Ct));
            await FailsAsync(ServiceErrorIds.NotSupported, () => trove.Instances.RestartAsync(cluster.Instances[0].Id, Ct));
            await FailsAsync(ServiceErrorIds.Forbidden, () => trove.Clusters.ResetStatusAsync(cluster.Id, Ct));

            Assert.Equal("GROWING_CLUSTER", (await trove.Clusters.GrowAsync(cluster.Id, [member], Ct)).Task.Name);
            cluster = await IdleAsync(trove, cluster.Id);
            Assert.Equal(3, cluster.Instances.Count);

            var stranger = await Assert.ThrowsAsync<DbaasException>(() => trove.Clusters.ShrinkAsync(cluster.Id, [Nowhere], Ct));
            Assert.Equal("NodeNotInCluster", stranger.ErrorId);
            Assert.True((await trove.Clusters.GetAsync(cluster.Id, Ct)).IsIdle);
            await trove.Clusters.ShrinkAsync(cluster.Id, [cluster.Instances[2].Id], Ct);
            cluster = await IdleAsync(trove, cluster.Id);
            Assert.Equal(2, cluster.Instances.Count);

            await trove.Clusters.RestartAsync(cluster.Id, Ct);
            await IdleAsync(trove, cluster.Id);
            await trove.Clusters.DetachConfigurationAsync(cluster.Id, Ct);
            Assert.Null((await IdleAsync(trove, cluster.Id)).ConfigurationId);
            await trove.Clusters.AttachConfigurationAsync(cluster.Id, group.Id, Ct);
            Assert.Equal(group.Id, (await IdleAsync(trove, cluster.Id)).ConfigurationId);
        }
        finally
        {
            await IdleAsync(trove, cluster.Id);
            Assert.True(await trove.Clusters.DeleteAsync(cluster.Id, Ct));
            await target.UntilAsync(() => IsGoneAsync(() => trove.Clusters.GetAsync(cluster.Id, Ct)), gone => gone);
            await target.UntilAsync(async () => (await trove.Configurations.ListInstancesAsync(group.Id, Ct).ToListAsync(Ct)).Count,
                n => n == 0);
            await trove.Configurations.DeleteAsync(group.Id, Ct);
        }
    }

    [Fact]
    public async Task A_cluster_beyond_the_quota_is_told_with_what_it_left_behind()
    {
        var cloud = target.Connect();
        var trove = cloud.Database;
        var member = await NewMemberAsync(cloud);
        var token = await cloud.AuthenticateAsync(Ct);
        var limit = (int)(await trove.Limits.GetQuotasAsync(token.ProjectId!, Ct)).Single(q => q.Resource == "instances").Limit;
        if (limit is <= 0 or > 50) Assert.Skip("The project's quota is too large to use up.");
        var cluster = new NewDatabaseCluster
        {
            Name = NewName("cl"),
            Datastore = await DatastoreAsync(trove),
            Members = [.. Enumerable.Repeat(member, limit + 1)]
        };
        var failure = await FailsAsync(ServiceErrorIds.QuotaExceeded, () => trove.Clusters.CreateAsync(cluster, Ct));
        var left = await trove.Clusters.ListAsync(Ct).FirstOrDefaultAsync(c => c.Name == cluster.Name, Ct);
        if (left is not null) Assert.Contains(left.Id, failure.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, JsonElement> Values(string clusterName, int port) =>
        new() { ["cluster-name"] = JsonSerializer.SerializeToElement(clusterName), ["chmpx-server-port"] = Number(port) };

    private static JsonElement Number(int value) => JsonSerializer.SerializeToElement(value);

    private static async Task<DatastoreReference> DatastoreAsync(DatabaseClient trove)
    {
        var datastore = (await trove.Datastores.ListAsync(Ct)).Single(d => d.Name == "k2hdkc");
        return new DatastoreReference("k2hdkc") { Version = datastore.Versions.Single(v => v.Id == datastore.DefaultVersion).Name };
    }

    private static async Task<NewDatabaseInstance> NewInstanceAsync(OpenStackConnection cloud, string name, string? groupId) => new()
    {
        Name = name,
        FlavorId = (await cloud.Database.Flavors.ListAsync(Ct)).MinBy(f => f.Ram)!.StrId,
        VolumeSize = 1,
        Datastore = await DatastoreAsync(cloud.Database),
        Nics = [await NicAsync(cloud)],
        ConfigurationId = groupId,
    };

    private static async Task<NewClusterMember> NewMemberAsync(OpenStackConnection cloud) =>
        new()
        {
            FlavorId = (await cloud.Database.Flavors.ListAsync(Ct)).MinBy(f => f.Ram)!.StrId,
            VolumeSize = 1,
            Nics = [await NicAsync(cloud)]
        };

    private static async Task<DatabaseNic> NicAsync(OpenStackConnection cloud) =>
        new()
        {
            NetworkId =
            (await cloud.Network.Networks.ListAsync(null, Ct).FirstAsync(n => !n.IsExternal && n.Subnets.Count > 0, Ct)).Id
        };

    private Task<DatabaseInstance> ReadyAsync(DatabaseClient trove, string id) =>
        target.UntilAsync(() => trove.Instances.GetAsync(id, Ct),
            i => i.Status == "ERROR" ? throw new InvalidOperationException(i.ToString()) : i.IsReady);

    private Task<DatabaseCluster> IdleAsync(DatabaseClient trove, string id) =>
        target.UntilAsync(() => trove.Clusters.GetAsync(id, Ct), c => c.IsIdle);

    private static async Task<bool> IsGoneAsync<T>(Func<Task<T>> show)
    {
        try
        {
            await show();
            return false;
        }
        catch (ServiceException e) when (e.ErrorId == ServiceErrorIds.NotFound)
        {
            return true;
        }
    }
}
