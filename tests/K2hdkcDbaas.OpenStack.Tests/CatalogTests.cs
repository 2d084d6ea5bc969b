using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.OpenStack.Tests;

public class CatalogTests
{
    [Theory]
    [InlineData("RegionOne", "public", "http://nova.regionone:8774/v2.1/os-keypairs")]
    [InlineData("RegionTwo", "internal", "http://nova.internal-regiontwo:8774/v2.1/os-keypairs")]
    public async Task Region_and_interface_choose_the_endpoint(string region, string @interface, string address)
    {
        using var bench =
            new Bench(Bench.Demo with { Region = region, Interface = @interface }, loggedIn: false)
                .OnLogIn(catalog: Bench.Catalog("RegionOne", "RegionTwo"));
        bench.Stub.On("GET", address, 200, """{"keypairs":[]}""");
        await bench.Cloud.Compute.KeyPairs.ListAsync(Bench.Ct);
    }

    [Theory]
    [InlineData(null, "RegionRequired")]
    [InlineData("RegionNine", "RegionNotFound")]
    public async Task A_region_that_is_missing_or_unknown_is_told_with_the_choices(string? region, string errorId)
    {
        using var bench =
            new Bench(Bench.Demo with { Region = region }, loggedIn: false).OnLogIn(catalog: Bench.Catalog("RegionOne", "RegionTwo"));
        var failure = await Assert.ThrowsAsync<DbaasException>(() => bench.Cloud.Compute.KeyPairs.ListAsync(Bench.Ct));
        Assert.Equal(errorId, failure.ErrorId);
        Assert.Contains("RegionOne, RegionTwo", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_told_with_those_that_are()
    {
        using var bench = new Bench(loggedIn: false).OnLogIn(catalog: "[]");
        Assert.Equal("ServiceNotInCatalog",
            (await Assert.ThrowsAsync<DbaasException>(() => bench.Cloud.Compute.KeyPairs.ListAsync(Bench.Ct))).ErrorId);
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
    [InlineData("v2,v2.1", "http://nova.example/v2.1/os-keypairs")]
    [InlineData("v2.1,v2", "http://nova.example/v2.1/os-keypairs")]
    [InlineData("v2,", "http://nova.example/v2.1/os-keypairs")]
    public async Task Of_several_versions_the_one_that_is_spoken_is_taken(string versions, string address)
    {
        var endpoints =
            versions.Split(',')
                .Select(v => $$"""{"interface":"public","region_id":"R","url":"http://nova.example/{{(v.Length == 0 ? "" : $"{v}/{Bench.Project}")}}"}""");
        using var bench =
            new Bench(loggedIn: false).OnLogIn(catalog: $$"""[{"type":"compute","endpoints":[{{string.Join(',', endpoints)}}]}]""");
        bench.Stub.On("GET", address, 200, """{"keypairs":[]}""");
        await bench.Cloud.Compute.KeyPairs.ListAsync(Bench.Ct);
    }

    [Fact]
    public async Task A_base_of_another_version_is_told_and_not_asked()
    {
        using var bench = new Bench(loggedIn: false)
            .OnLogIn(catalog: $$"""[{"type":"compute","endpoints":[{"interface":"public","region_id":"R","url":"http://nova.example/v2/{{Bench.Project}}"}]}]""");
        var failure = await Assert.ThrowsAsync<DbaasException>(() => bench.Cloud.Compute.KeyPairs.ListAsync(Bench.Ct));
        Assert.Equal("ServiceVersionNotSupported", failure.ErrorId);
        Assert.Contains("v2.1 is needed", failure.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Sent);
    }

    [Theory]
    [InlineData("""{"type":"odd","endpoints":"none"}""")]
    [InlineData("""{"type":null,"endpoints":[{"url":null,"interface":"public"}]}""")]
    [InlineData("""{"endpoints":null}""")]
    [InlineData("""{"type":"odd","endpoints":[7,{"interface":"public","region_id":"R","url":""},{"interface":null,"url":"::"}]}""")]
    [InlineData("7")]
    public async Task An_odd_entry_of_the_catalogue_does_not_stop_what_needs_it_not(string entry)
    {
        using var bench = new Bench(loggedIn: false)
            .OnLogIn(catalog: $$"""[{{entry}},{"type":"compute","endpoints":[{"interface":"public","region_id":"R","url":"http://nova.example/v2.1"}]}]""");
        bench.Stub.On("GET", "http://nova.example/v2.1/os-keypairs", 200, """{"keypairs":[]}""");
        await bench.Cloud.Compute.KeyPairs.ListAsync(Bench.Ct);
    }

    [Fact]
    public async Task An_odd_flavor_or_image_does_not_hide_the_others()
    {
        using var bench = new Bench();
        bench.Stub.On("GET", "http://nova.regionone:8774/v2.1/flavors/detail", 200, """
            {"flavors":[{"id":"1","name":"odd","vcpus":"many"},{"name":"no id"},null,{"id":"2","name":"fine","vcpus":1,"ram":64,"disk":1}]}
            """);
        Assert.Equal(["fine"], await bench.Cloud.Compute.Flavors.ListAsync(Bench.Ct).Select(f => f.Name).ToListAsync(Bench.Ct));
        bench.Stub.On("GET", "http://glance.regionone:9292/v2/images", 200, """
            {"images":[{"id":7,"name":"odd"},{"id":"i","name":"fine","status":"active"}]}
            """);
        Assert.Equal(["fine"], await bench.Cloud.Image.ListAsync(null, Bench.Ct).Select(i => i.Name).ToListAsync(Bench.Ct));
    }

    [Theory]
    [InlineData("RegionNine", "RegionNotFound")]
    [InlineData("RegionOne", null)]
    public async Task A_region_that_is_not_in_the_catalogue_is_refused_at_the_log_in(string region, string? errorId)
    {
        using var bench = new Bench(Bench.Demo with { Region = region }, loggedIn: false).OnLogIn();
        var failure = await Record.ExceptionAsync(() => bench.Cloud.AuthenticateAsync(Bench.Ct));
        Assert.Equal(errorId, (failure as DbaasException)?.ErrorId);
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
