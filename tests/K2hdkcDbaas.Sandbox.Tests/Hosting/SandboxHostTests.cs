using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Tests.Hosting;

public class SandboxHostTests
{
    [Fact]
    public async Task Two_sandboxes_share_nothing()
    {
        await using var one = await Cloud.StartAsync();
        await using var two = await Cloud.StartAsync();
        await one.ServerAsync("only-here");
        Assert.Empty((await two.GetAsync("nova", "/v2.1/servers")).Body!["servers"]!.AsArray());
        Assert.Equal(401, (await two.SendAsync("GET", "nova", "/v2.1/servers", (string?)null, token: await one.TokenAsync())).Status);
        var addresses = new[] { one, two }.Select(c => c.Host.State.GuestNetwork);
        Assert.Equal(2, addresses.Distinct().Count());
    }

    [Fact]
    public async Task Clouds_yaml_names_three_clouds_and_goes_with_the_sandbox()
    {
        var cloud = await Cloud.StartAsync();
        var bytes = await File.ReadAllBytesAsync(cloud.Host.CloudsFile, TestContext.Current.CancellationToken);
        await cloud.DisposeAsync();
        // No byte order mark: readers of YAML stumble over it.
        Assert.Equal((byte)'#', bytes[0]);
        var text = System.Text.Encoding.UTF8.GetString(bytes);
        Assert.Equal(3, text.Split($"\n    k2hdkc:\n      k2hr3_uri: {cloud.Host.K2hr3Url.ToString().TrimEnd('/')}\n").Length - 1);
        foreach (var name in new[] { "  sandbox:", "  sandbox-admin:", "  sandbox-alt:", $"auth_url: {cloud.Host.AuthUrl}",
            "password: 'labsecret'", "region_name: RegionOne" })
            Assert.Contains(name, text);
        Assert.False(File.Exists(cloud.Host.CloudsFile));
    }

    [Fact]
    public async Task A_given_folder_stays_and_only_the_file_goes()
    {
        var folder = Directory.CreateTempSubdirectory();
        var host = await SandboxHost.StartAsync(new SandboxOptions { Directory = folder.FullName, Speed = 0 },
            TestContext.Current.CancellationToken);
        Assert.Equal(Path.Combine(folder.FullName, "clouds.yaml"), host.CloudsFile);
        Assert.True(File.Exists(host.CloudsFile));
        await host.DisposeAsync();
        Assert.True(folder.Exists);
        Assert.Empty(folder.GetFiles());
        folder.Delete();
    }

    [Fact]
    public async Task Calls_are_listed_in_order_with_their_status()
    {
        await using var cloud = await Cloud.StartAsync();
        await cloud.TokenAsync();
        cloud.Host.Calls.Clear();
        await cloud.GetAsync("nova", "/v2.1/servers?name=x");
        await cloud.SendAsync("DELETE", "neutron", "/v2.0/ports/none", (string?)null);
        var calls = cloud.Host.Calls.All;
        Assert.Equal(["GET nova /v2.1/servers ?name=x 200", "DELETE neutron /v2.0/ports/none  404"],
            calls.Select(c => $"{c.Method} {c.Service} {c.Path} {c.Query} {c.Status}"));
        Assert.Equal([false, true], calls.Select(c => c.IsChange));
        Assert.All(calls, c => Assert.StartsWith("req-", c.RequestId));
    }

    [Fact]
    public async Task The_controls_answer_over_http_too()
    {
        await using var cloud = await Cloud.StartAsync();
        Assert.Equal(204,
            (await cloud.PostAsync("admin", "/sandbox/faults",
                """{"service": "nova", "path": "/v2.1/servers*", "status": 503, "retry_after": "2"}""")).Status);
        var refused = await cloud.GetAsync("nova", "/v2.1/servers");
        Assert.Equal(503, refused.Status);
        Assert.Equal("serviceUnavailable", refused.ErrorKey);
        Assert.Equal("2", refused.Header("Retry-After"));
        Assert.Equal(200, (await cloud.GetAsync("nova", "/v2.1/servers")).Status);
        Assert.Equal(1, (await cloud.GetAsync("admin", "/sandbox/faults")).Body![0]!["hits"]!.GetValue<int>());

        var before = DateTimeOffset.Parse((await cloud.GetAsync("admin", "/sandbox/clock")).Body!["now"]!.GetValue<string>());
        var after = DateTimeOffset.Parse(
            (await cloud.PostAsync("admin", "/sandbox/clock", """{"advance_seconds": 90}""")).Body!["now"]!.GetValue<string>());
        Assert.Equal(90, (after - before).TotalSeconds, 3);

        Assert.Equal(204,
            (await cloud.PostAsync("admin", "/sandbox/quotas",
                """{"project": "demo", "service": "nova", "resource": "instances", "limit": 0}""")).Status);
        Assert.Equal(403, (await cloud.CreateServerAsync()).Status);
        Assert.Equal(0, (await cloud.GetAsync("admin", "/sandbox/quotas")).Body!["demo"]!["nova"]!["instances"]!.GetValue<int>());
        Assert.Equal(400,
            (await cloud.PostAsync("admin", "/sandbox/quotas",
                """{"project": "demo", "service": "nova", "resource": "cakes", "limit": 0}""")).Status);

        Assert.Contains((await cloud.GetAsync("admin", "/sandbox/calls")).Body!.AsArray(),
            c => c!["service"]!.GetValue<string>() == "nova" && c["fault"]?.GetValue<string>() == "Status");
        Assert.Empty((await cloud.GetAsync("admin", "/sandbox/problems")).Body!.AsArray());
    }

    [Fact]
    public async Task The_program_prints_one_ready_line_and_ends_with_its_input()
    {
        using var program =
            Process.Start(new ProcessStartInfo("dotnet", [typeof(SandboxHost).Assembly.Location, "--exit-with-stdin", "--no-guests"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        var ct = TestContext.Current.CancellationToken;
        var ready = JsonNode.Parse((await program.StandardOutput.ReadLineAsync(ct))!)!;
        Assert.True(ready["ready"]!.GetValue<bool>());
        Assert.Equal(program.Id, ready["pid"]!.GetValue<int>());
        var clouds = ready["clouds_file"]!.GetValue<string>();
        Assert.True(File.Exists(clouds));
        Assert.True(File.Exists(ready["kubeconfig_file"]!.GetValue<string>()));
        using var http = new HttpClient();
        foreach (var (service, url) in ready["endpoints"]!.AsObject())
        {
            // The Kubernetes API has a certificate of its own CA; its tests ask it.
            if (service is not ("admin" or "k2hr3" or "kubernetes"))
                Assert.True((int)(await http.GetAsync(url!.GetValue<string>() + "/", ct)).StatusCode is 200 or 300, service);
        }
        program.StandardInput.Close();
        await program.WaitForExitAsync(ct).WaitAsync(TimeSpan.FromSeconds(20), ct);
        Assert.Equal(0, program.ExitCode);
        Assert.False(File.Exists(clouds));
        Assert.Equal("", await program.StandardOutput.ReadToEndAsync(ct));
    }

    [Theory]
    [InlineData("--speed", "fast")]
    [InlineData("--k2hr3-version", "3")]
    [InlineData("--guest-network", "999")]
    public async Task The_program_refuses_what_it_does_not_understand(string option, string value)
    {
        Assert.NotEqual(0, await SandboxProgram.RunAsync([option, value]));
    }

    [Fact]
    public void The_ready_line_is_json_in_snake_case()
    {
        var line = JsonSerializer.Serialize(
            new SandboxReady(true, 1, "http://a/v3", null, "http://b", "/c", new Dictionary<string, string> { ["nova"] = "http://n" },
                "/k"), SandboxJson.Default.SandboxReady);
        Assert.Equal("""{"ready":true,"pid":1,"auth_url":"http://a/v3","k2hr3_url":null,"admin_url":"http://b","clouds_file":"/c","endpoints":{"nova":"http://n"},"kubeconfig_file":"/k"}""", line);
    }
}
