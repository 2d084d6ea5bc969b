using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.OpenStack.Tests;

public class CatalogTests
{
    [Theory]
    [InlineData("RegionOne", "public", "http://nova.regionone:8774/v2.1/os-keypairs")]
    [InlineData("RegionTwo", "internal", "http://nova.internal-regiontwo:8774/v2.1/os-keypairs")]
    public async Task Region_and_interface_choose_the_endpoint(string region, string @interface, string address)
    {
        using var bench = new Bench(Bench.Demo with { Region = region, Interface = @interface }, loggedIn: false).OnLogIn(catalog: Bench.Catalog("RegionOne", "RegionTwo"));
        bench.Stub.On("GET", address, 200, """{"keypairs":[]}""");
        await bench.Cloud.Compute.KeyPairs.ListAsync(Bench.Ct);
    }

    [Theory]
    [InlineData(null, "RegionRequired")]
    [InlineData("RegionNine", "RegionNotFound")]
    public async Task A_region_that_is_missing_or_unknown_is_told_with_the_choices(string? region, string errorId)
    {
        using var bench = new Bench(Bench.Demo with { Region = region }, loggedIn: false).OnLogIn(catalog: Bench.Catalog("RegionOne", "RegionTwo"));
        var failure = await Assert.ThrowsAsync<DbaasException>(() => bench.Cloud.Compute.KeyPairs.ListAsync(Bench.Ct));
        Assert.Equal(errorId, failure.ErrorId);
        Assert.Contains("RegionOne, RegionTwo", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_told_with_those_that_are()
    {
        using var bench = new Bench(loggedIn: false).OnLogIn(catalog: "[]");
        Assert.Equal("ServiceNotInCatalog", (await Assert.ThrowsAsync<DbaasException>(() => bench.Cloud.Compute.KeyPairs.ListAsync(Bench.Ct))).ErrorId);
    }

    [Theory]
    [InlineData("http://over.example/compute", "http://over.example/compute/v2.1/os-keypairs")]
    [InlineData("http://over.example/v2.1/", "http://over.example/v2.1/os-keypairs")]
    [InlineData("http://v2-nova.example", "http://v2-nova.example/v2.1/os-keypairs")]
    [InlineData("http://over.example/v2.1/%(project_id)s", "http://over.example/v2.1/os-keypairs")]
    public async Task An_override_wins_and_is_completed(string address, string expected)
    {
        using var bench = new Bench(Bench.Demo with { EndpointOverrides = new Dictionary<string, Uri> { ["compute"] = new(address) } });
        bench.Stub.On("GET", expected, 200, """{"keypairs":[]}""");
        await bench.Cloud.Compute.KeyPairs.ListAsync(Bench.Ct);
    }

    [Theory]
    [InlineData("http://over.example:8779")]
    [InlineData("http://over.example:8779/v1.0")]
    [InlineData("http://over.example:8779/v1.0/$(tenant_id)s")]
    public async Task Troves_address_always_ends_with_the_project(string address)
    {
        using var bench = new Bench(Bench.Demo with { EndpointOverrides = new Dictionary<string, Uri> { ["database"] = new(address) } });
        bench.Stub.On("GET", $"http://over.example:8779/v1.0/{Bench.Project}/datastores", 200, """{"datastores":[]}""");
        await bench.Cloud.Database.Datastores.ListAsync(Bench.Ct);
    }
}
