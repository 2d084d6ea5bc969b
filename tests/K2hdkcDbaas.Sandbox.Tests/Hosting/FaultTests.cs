namespace K2hdkcDbaas.Sandbox.Tests.Hosting;

public class FaultTests
{
    [Theory]
    [InlineData("keystone", "/v3/auth/projects", "error")]
    [InlineData("nova", "/v2.1/servers", "serviceUnavailable")]
    [InlineData("neutron", "/v2.0/networks", "NeutronError")]
    [InlineData("glance", "/v2/images", "message")]
    [InlineData("trove", "/v1.0/{project}/clusters", "serviceUnavailable")]
    public async Task A_status_wears_the_services_own_error_body(string service, string path, string key)
    {
        await using var cloud = await Cloud.StartAsync();
        cloud.Host.Faults.Add(new FaultRule { Service = service, Status = 503 });
        var answer = await cloud.GetAsync(service, path);
        Assert.Equal((503, key), (answer.Status, answer.ErrorKey));
        Assert.Equal(200, (await cloud.GetAsync(service, path)).Status);
    }

    [Fact]
    public async Task A_cut_connection_does_the_work_only_when_told_to()
    {
        await using var cloud = await Cloud.StartAsync();
        async Task<int> GroupsAfterCutAsync(bool afterWork)
        {
            cloud.Host.Faults.Add(new FaultRule { Service = "neutron", Method = "POST", Action = FaultAction.Cut, AfterWork = afterWork });
            await Assert.ThrowsAsync<HttpRequestException>(
                () => cloud.PostAsync("neutron", "/v2.0/security-groups", """{"security_group": {"name": "x"}}"""));
            Assert.Equal(0, cloud.Host.Calls.All[^1].Status);
            return (await cloud.GetAsync("neutron", "/v2.0/security-groups?name=x")).Body!["security_groups"]!.AsArray().Count;
        }
        Assert.Equal(0, await GroupsAfterCutAsync(afterWork: false));
        Assert.Equal(1, await GroupsAfterCutAsync(afterWork: true));
    }

    [Fact]
    public async Task Half_a_body_ends_in_the_middle()
    {
        await using var cloud = await Cloud.StartAsync();
        await cloud.TokenAsync();
        cloud.Host.Faults.Add(new FaultRule { Service = "nova", Action = FaultAction.HalfBody });
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => cloud.GetAsync("nova", "/v2.1/flavors"));
    }

    [Fact]
    public async Task Garbage_is_no_json()
    {
        await using var cloud = await Cloud.StartAsync();
        await cloud.TokenAsync();
        cloud.Host.Faults.Add(new FaultRule { Service = "nova", Action = FaultAction.Garbage });
        await Assert.ThrowsAnyAsync<System.Text.Json.JsonException>(() => cloud.GetAsync("nova", "/v2.1/flavors"));
    }

    [Fact]
    public async Task Rules_skip_count_and_match_by_pattern()
    {
        await using var cloud = await Cloud.StartAsync();
        await cloud.TokenAsync();
        cloud.Host.Faults.Add(new FaultRule { Path = "/v2.?/flavors*", Method = "get", Skip = 1, Count = 2, Status = 500 });
        List<int> seen = [];
        for (var i = 0; i < 4; i++) seen.Add((await cloud.GetAsync("nova", "/v2.1/flavors/detail")).Status);
        Assert.Equal([200, 500, 500, 200], seen);
        Assert.Equal(200, (await cloud.GetAsync("nova", "/v2.1/servers")).Status);
    }

    [Fact]
    public async Task A_delay_holds_the_answer_back_and_no_more()
    {
        await using var cloud = await Cloud.StartAsync();
        await cloud.TokenAsync();
        cloud.Host.Faults.Add(new FaultRule { Action = FaultAction.Delay, DelayMilliseconds = 150 });
        Assert.Equal(200, (await cloud.GetAsync("nova", "/v2.1/servers")).Status);
        Assert.True(cloud.Host.Calls.All[^1].Milliseconds >= 149);
    }
}
