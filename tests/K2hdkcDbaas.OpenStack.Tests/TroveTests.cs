using System.Text.Json;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack.Trove;

namespace K2hdkcDbaas.OpenStack.Tests;

public class TroveTests
{
    private const string Base = $"http://trove.regionone:8779/v1.0/{Bench.Project}";

    private static readonly DatastoreReference K2hdkc = new("k2hdkc") { Version = "1.0.14" };

    private static readonly NewClusterMember Member =
        new() { FlavorId = "f1", VolumeSize = 1, Nics = [new DatabaseNic { NetworkId = "n1" }] };

    private static string Cluster(string task = "NONE", params string[] members) =>
        $$$"""{"cluster":{"id":"c1","name":"c","task":{"id":1,"name":"{{{task}}}","description":"x"},"created":"2026-11-21T03:53:22","datastore":{"type":"k2hdkc","version":"1.0.14"},"instances":[{{{string.Join(',', members.Select(m => $$$"""{"id":"{{{m}}}","name":"{{{m}}}","volume":{"size":"1"},"flavor":{"id":"f1"},"ip":[{"address":"10.0.0.1","type":"private"}]}"""))}}}]}}""";

    [Fact]
    public async Task A_cluster_is_asked_for_with_exactly_this()
    {
        using var bench = new Bench();
        bench.Stub.On("POST", Base + "/clusters", 200, Cluster("BUILDING", "a", "b"));
        var cluster = await bench.Cloud.Database.Clusters.CreateAsync(
            new NewDatabaseCluster
            {
                Name = "c",
                Datastore = K2hdkc,
                Members = [Member, Member with { AvailabilityZone = "z" }],
                ConfigurationId = "g1",
                Locality = "anti-affinity"
            }, Bench.Ct);
        Assert.Equal("""{"cluster":{"name":"c","datastore":{"type":"k2hdkc","version":"1.0.14"},"instances":[{"flavorRef":"f1","volume":{"size":"1"},"nics":[{"network_id":"n1"}]},{"flavorRef":"f1","volume":{"size":"1"},"nics":[{"network_id":"n1"}],"availability_zone":"z"}],"configuration":"g1","locality":"anti-affinity"}}""",
            Assert.Single(bench.Sent).Body);
        Assert.False(cluster.IsIdle);
        Assert.Equal(1, cluster.Instances[0].Volume!.Size);
        Assert.Equal(TimeSpan.Zero, cluster.Created!.Value.Offset);
        Assert.Equal(3, cluster.Created.Value.Hour);
    }

    [Fact]
    public async Task Grow_and_shrink_are_one_request_each_after_a_look()
    {
        using var bench = new Bench();
        bench.Stub.On("POST", Base + "/clusters/c1", 202, Cluster("GROWING_CLUSTER", "a", "b"))
            .On("GET", Base + "/clusters/c1", 200, Cluster("NONE", "a", "b"))
            .On("POST", Base + "/clusters/c1", 202, Cluster("SHRINKING_CLUSTER", "a", "b"));
        await bench.Cloud.Database.Clusters.GrowAsync("c1", [Member, Member], Bench.Ct);
        await bench.Cloud.Database.Clusters.ShrinkAsync("c1", ["b", "b"], Bench.Ct);
        Assert.Equal("""{"shrink":[{"id":"b"}]}""", bench.Sent.Last().Body);
    }

    [Theory]
    [InlineData("stranger", "NodeNotInCluster")]
    [InlineData("a,b", "LastNode")]
    public async Task A_shrink_that_Trove_would_choke_on_never_reaches_it(string ids, string errorId)
    {
        using var bench = new Bench();
        bench.Stub.On("GET", Base + "/clusters/c1", 200, Cluster("NONE", "a", "b"));
        Assert.Equal(errorId,
            (await Assert.ThrowsAsync<DbaasException>(
                () => bench.Cloud.Database.Clusters.ShrinkAsync("c1", ids.Split(','), Bench.Ct))).ErrorId);
        Assert.DoesNotContain(bench.Sent, s => s.Method == "POST");
    }

    [Fact]
    public async Task A_leftover_of_a_failed_create_is_named()
    {
        using var bench = new Bench();
        bench.Stub.On("POST", Base + "/clusters",
            413, """{"overLimit":{"code":413,"message":"Quota exceeded for resources: ['instances']."}}""")
            .On("GET", Base + "/clusters",
                200, """{"clusters":[{"id":"mine","name":"c","task":{"name":"NONE"},"instances":[]},{"id":"left","name":"c","task":{"name":"BUILDING"},"instances":[]}]}""");
        var failure = await Assert.ThrowsAsync<ServiceException>(
            () => bench.Cloud.Database.Clusters.CreateAsync(new NewDatabaseCluster { Name = "c", Datastore = K2hdkc, Members = [Member] },
                Bench.Ct));
        Assert.Equal((ServiceErrorIds.QuotaExceeded, ErrorKind.QuotaExceeded, "left"), (failure.ErrorId, failure.Kind, failure.Target));
        Assert.Contains("left", failure.Message, StringComparison.Ordinal);
        Assert.Contains("reset-status", failure.NextStep!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(422,
        """{"unprocessableEntity":{"code":422,"message":"This action cannot be performed on the cluster while the current cluster task is 'BUILDING'."}}""", ErrorKind.Conflict, "Conflict")]
    [InlineData(400,
        """{"badRequest":{"code":400,"message":"The operation you have requested cannot be executed because the instance status is currently: RESTART_REQUIRED."}}""", ErrorKind.Conflict, "Conflict")]
    [InlineData(422,
        """{"unprocessableEntity":{"code":422,"message":"Instance i1 is not currently available for an action to be performed (instance status was RESTART_REQUIRED)."}}""", ErrorKind.Conflict, "Conflict")]
    [InlineData(400, """{"badRequest":{"code":400,"message":"Action 'restart' not supported"}}""", ErrorKind.NotSupported,
        "NotSupportedByService")]
    [InlineData(401, """{"unauthorized":{"code":401,"message":"Swift account not accessible for tenant p."}}""", ErrorKind.Forbidden,
        "Forbidden")]
    [InlineData(403,
        """{"forbidden":{"code":403,"message":"Backup is too large for given flavor or volume. Backup size: 2 GBs. Available size: 1 GBs."}}""", ErrorKind.InvalidInput, "InvalidRequest")]
    [InlineData(422,
        """{"unprocessableEntity":{"code":422,"message":"The configuration parameter colour is not supported for this datastore: k2hdkc 1.0.14."}}""", ErrorKind.InvalidInput, "InvalidRequest")]
    [InlineData(413, """{"overLimit":{"code":413,"message":"Quota exceeded for resources: ['instances']."}}""", ErrorKind.QuotaExceeded,
        "QuotaExceeded")]
    [InlineData(413, """{"overLimit":{"code":413,"message":"Volume 'size' cannot exceed maximum of 20 Gb, 999 cannot be accepted."}}""",
        ErrorKind.InvalidInput, "InvalidRequest")]
    [InlineData(413,
        """{"overLimit":{"code":413,"message":"This request was rate-limited.","details":"Only 200 POST request(s) can be made to * every minute."}}""", ErrorKind.Throttled, "TooManyRequests")]
    [InlineData(403,
        """{"message":"Access was denied to this resource.<br /><br />\nUser with tenant id x cannot access this resource.\n\n","code":"403 Forbidden","title":"Forbidden"}""", ErrorKind.Forbidden, "Forbidden")]
    [InlineData(501, """{"notImplemented":{"code":501,"message":"Clusters not supported for postgresql-12.4."}}""", ErrorKind.NotSupported,
        "NotSupportedByService")]
    public async Task Each_of_Troves_error_shapes_is_understood(int status, string body, ErrorKind kind, string errorId)
    {
        using var bench = new Bench();
        bench.Stub.On("POST", Base + "/clusters/c1", status, body);
        var failure = await Assert.ThrowsAsync<ServiceException>(() => bench.Cloud.Database.Clusters.RestartAsync("c1", Bench.Ct));
        Assert.Equal((kind, errorId), (failure.Kind, failure.ErrorId));
        Assert.NotNull(failure.ServiceMessage);
        Assert.DoesNotContain('<', failure.ServiceMessage);
    }

    [Fact]
    public async Task A_401_that_means_no_administrator_costs_no_new_log_in()
    {
        using var bench = new Bench();
        bench.Stub.On("GET", Base + "/mgmt/quotas/p",
            401, """{"unauthorized":{"code":401,"message":"User does not have admin privileges."}}""");
        Assert.Equal(ErrorKind.Forbidden,
            (await Assert.ThrowsAsync<ServiceException>(() => bench.Cloud.Database.Limits.GetQuotasAsync("p", Bench.Ct))).Kind);
        Assert.Equal(2, bench.Stub.Sent.Count);
    }

    [Theory]
    [InlineData(404, "Datastore 'k2hdkc' cannot be found.", "DatastoreNotFound")]
    [InlineData(400, "Datastore version '1.0.14' cannot be found.", "DatastoreVersionNotFound")]
    [InlineData(400, "Resource f1 cannot be found.", "FlavorNotFound")]
    [InlineData(400, "Network Resource n1 cannot be found.", "NetworkNotFound")]
    public async Task What_a_create_cannot_find_is_named(int status, string words, string errorId)
    {
        using var bench = new Bench();
        bench.Stub.On("POST", Base + "/instances", status, $$$"""{"itemNotFound":{"code":{{{status}}},"message":"{{{words}}}"}}""");
        var failure = await Assert.ThrowsAsync<ServiceException>(() => bench.Cloud.Database.Instances.CreateAsync(new NewDatabaseInstance
        {
            Name = "i",
            FlavorId = "f1",
            VolumeSize = 1,
            Datastore = K2hdkc,
            Nics = [new DatabaseNic { NetworkId = "n1" }],
        }, Bench.Ct));
        Assert.Equal((errorId, ErrorKind.NotFound), (failure.ErrorId, failure.Kind));
    }

    [Fact]
    public async Task Instances_are_made_restored_and_changed_with_exactly_this()
    {
        using var bench = new Bench();
        const string reply =
            """{"instance":{"id":"i1","name":"i","status":"BUILD","operating_status":"","volume":{"size":1},"flavor":{"id":"f1"},"created":"2026-11-21T04:13:02"}}""";
        bench.Stub.On("POST", Base + "/instances", 200, reply).On("PUT", Base + "/instances/i1", 202).On("PUT", Base + "/instances/i1", 202)
            .On("POST", Base + "/instances/i1/action", 202);
        await bench.Cloud.Database.Instances.CreateAsync(new NewDatabaseInstance
        {
            Name = "i",
            FlavorId = "f1",
            VolumeSize = 1,
            Datastore = K2hdkc,
            Nics = [new DatabaseNic { NetworkId = "n1" }],
            ConfigurationId = "g1",
            BackupId = "b1",
        }, Bench.Ct);
        await bench.Cloud.Database.Instances.AttachConfigurationAsync("i1", "g1", Bench.Ct);
        await bench.Cloud.Database.Instances.DetachConfigurationAsync("i1", Bench.Ct);
        await bench.Cloud.Database.Instances.RestartAsync("i1", Bench.Ct);
        Assert.Equal(
        [
            """{"instance":{"name":"i","flavorRef":"f1","volume":{"size":1},"datastore":{"type":"k2hdkc","version":"1.0.14"},"nics":[{"network_id":"n1"}],"configuration":"g1","restorePoint":{"backupRef":"b1"}}}""",
            """{"instance":{"configuration":"g1"}}""", """{"instance":{"configuration":null}}""", """{"restart":{}}""",
        ], bench.Sent.Select(s => s.Body));
    }

    [Fact]
    public async Task Https_links_of_an_http_service_are_never_followed()
    {
        using var bench = new Bench();
        bench.Stub.On("GET", Base + "/instances?include_clustered=true",
            200, $$"""{"instances":[{"id":"1","name":"a","status":"ACTIVE"}],"links":[{"rel":"next","href":"https://trove.regionone:8779/v1.0/{{Bench.Project}}/instances?limit=1&marker=1"}]}""")
            .On("GET", Base + "/instances?include_clustered=true&marker=1", 200,
                """{"instances":[{"id":"2","name":"b","status":"HEALTHY"}]}""");
        var instances = await bench.Cloud.Database.Instances.ListAsync(Bench.Ct).ToListAsync(Bench.Ct);
        Assert.Equal(["1", "2"], instances.Select(i => i.Id));
        Assert.All(instances, i => Assert.True(i.IsReady));
    }

    [Fact]
    public async Task A_configuration_group_keeps_its_types()
    {
        using var bench = new Bench();
        bench.Stub.On("POST", Base + "/configurations", 200,
            """{"configuration":{"id":"g1","name":"g","values":{"cluster-name":"c","chmpx-server-port":8020},"instance_count":0}}""");
        using var values = JsonDocument.Parse("""{"cluster-name":"c","chmpx-server-port":8020}""");
        var made = await bench.Cloud.Database.Configurations.CreateAsync("g", null, K2hdkc,
            values.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value), Bench.Ct);
        Assert.Equal("""{"configuration":{"name":"g","datastore":{"type":"k2hdkc","version":"1.0.14"},"values":{"cluster-name":"c","chmpx-server-port":8020}}}""", Assert.Single(bench.Sent).Body);
        Assert.Equal(8020, made.Values!["chmpx-server-port"].GetInt32());
    }

    [Fact]
    public async Task An_instance_that_shows_no_logs_has_none()
    {
        using var bench = new Bench();
        bench.Stub.On("GET", Base + "/instances/i1/log", 200, """{"logs":null}""");
        Assert.Empty(await bench.Cloud.Database.Logs.ListAsync("i1", Bench.Ct));
    }
}
