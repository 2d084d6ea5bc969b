using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack.Glance;
using K2hdkcDbaas.OpenStack.Neutron;

namespace K2hdkcDbaas.OpenStack.Tests;

public class NeutronGlanceTests
{
    [Fact]
    public async Task A_group_and_its_rules_are_two_requests()
    {
        using var bench = new Bench();
        bench.Stub.On("POST", "http://neutron.regionone:9696/v2.0/security-groups",
            201, """{"security_group":{"id":"g1","name":"c-k2hdkc-server-sec","security_group_rules":[]}}""")
            .On("POST", "http://neutron.regionone:9696/v2.0/security-group-rules",
                201, """{"security_group_rules":[{"id":"r1","direction":"ingress"},{"id":"r2","direction":"ingress"}]}""");
        var group = await bench.Cloud.Network.SecurityGroups.CreateAsync("c-k2hdkc-server-sec", "security group for k2hdkc c server node",
            Bench.Ct);
        await bench.Cloud.Network.SecurityGroups.CreateRulesAsync(
            [SecurityGroupRule.TcpIn(group.Id, 8020, "k2hdkc/chmpx server node port"),
                SecurityGroupRule.TcpIn(group.Id, 8021, "k2hdkc/chmpx server node control port")], Bench.Ct);
        Assert.Equal("""{"security_group":{"name":"c-k2hdkc-server-sec","description":"security group for k2hdkc c server node"}}""",
            bench.Sent.First().Body);
        Assert.Equal("""{"security_group_rules":[{"security_group_id":"g1","direction":"ingress","ethertype":"IPv4","protocol":"tcp","port_range_min":8020,"port_range_max":8020,"description":"k2hdkc/chmpx server node port"},{"security_group_id":"g1","direction":"ingress","ethertype":"IPv4","protocol":"tcp","port_range_min":8021,"port_range_max":8021,"description":"k2hdkc/chmpx server node control port"}]}""",
            bench.Sent.Last().Body);
    }

    [Theory]
    [InlineData("OverQuota", "Quota exceeded for resources: ['security_group'].", "QuotaExceeded", ErrorKind.QuotaExceeded)]
    [InlineData("SecurityGroupInUse", "Security Group x in use.", "Conflict", ErrorKind.Conflict)]
    public async Task Neutrons_409_is_a_quota_or_a_conflict(string type, string words, string errorId, ErrorKind kind)
    {
        using var bench = new Bench();
        bench.Stub.On("POST", "/v2.0/security-groups", 409,
            $$$"""{"NeutronError":{"type":"{{{type}}}","message":"{{{words}}}","detail":""}}""");
        var failure = await Assert.ThrowsAsync<ServiceException>(() => bench.Cloud.Network.SecurityGroups.CreateAsync("x", "y", Bench.Ct));
        Assert.Equal((errorId, kind, words), (failure.ErrorId, failure.Kind, failure.ServiceMessage));
    }

    [Fact]
    public async Task Glances_pages_breaks_and_properties_are_read()
    {
        using var bench = new Bench();
        bench.Stub.On("GET", "http://glance.regionone:9292/v2/images?name=lab%20image&k2hdkc_cluster=c", 200,
            """{"images":[{"id":"1","name":null,"status":"active","tags":[],"k2hdkc_cluster":"c","size":65536}],"next":"/v2/images?marker=1"}""")
            .On("GET", "http://glance.regionone:9292/v2/images?name=lab%20image&k2hdkc_cluster=c&marker=1", 200, """{"images":[]}""")
            .On("GET", "http://glance.regionone:9292/v2/images/none",
                404, """{"message":"No image found with ID none<br /><br />\n\n\n","code":"404 Not Found","title":"Not Found"}""");
        var image = Assert.Single(
            await bench.Cloud.Image.ListAsync(
                new ImageFilter { Name = "lab image", Properties = new Dictionary<string, string> { ["k2hdkc_cluster"] = "c" } },
                Bench.Ct).ToListAsync(Bench.Ct));
        Assert.Equal(("c", null, 65536L), (image.Property("k2hdkc_cluster"), image.Name, image.Size!.Value));
        var failure = await Assert.ThrowsAsync<ServiceException>(() => bench.Cloud.Image.GetAsync("none", Bench.Ct));
        Assert.Equal("No image found with ID none", failure.ServiceMessage);
    }

    [Fact]
    public async Task Properties_are_patched_by_what_is_there()
    {
        using var bench = new Bench();
        bench.Stub.On("GET", "/v2/images/1", 200, """{"id":"1","status":"active","old":"x"}""")
            .On("PATCH", "/v2/images/1", 200, """{"id":"1","status":"active"}""");
        var image = await bench.Cloud.Image.GetAsync("1", Bench.Ct);
        await bench.Cloud.Image.SetPropertiesAsync(image, new Dictionary<string, string> { ["old"] = "y", ["a/b"] = "z" }, Bench.Ct);
        var patch = bench.Sent.Last();
        Assert.Equal("""[{"op":"replace","path":"/old","value":"y"},{"op":"add","path":"/a~1b","value":"z"}]""", patch.Body);
        Assert.Equal("application/openstack-images-v2.1-json-patch", patch.Headers["Content-Type"]);
    }
}
