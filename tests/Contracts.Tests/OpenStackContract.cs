using System.Text.Json;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Configuration;
using K2hdkcDbaas.OpenStack.Glance;
using K2hdkcDbaas.OpenStack.Neutron;
using K2hdkcDbaas.OpenStack.Nova;
using static K2hdkcDbaas.Contracts.Tests.Waiting;

namespace K2hdkcDbaas.Contracts.Tests;

public sealed class OpenStackOnSandbox(SandboxTarget target) : OpenStackContract(target), IClassFixture<SandboxTarget>;

public sealed class OpenStackOnRealCloud(RealTarget target) : OpenStackContract(target), IClassFixture<RealTarget>;

/// <summary>What our clients may rely on in Keystone, Nova, Glance and Neutron.</summary>
public abstract class OpenStackContract(Target target)
{
    private const string Nowhere = "00000000-0000-0000-0000-000000000000";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_log_in_gives_the_project_and_the_catalog()
    {
        var token = await target.Connect().AuthenticateAsync(Ct);
        Assert.Equal(target.Cloud.Scope!.ProjectName, token.ProjectName);
        Assert.False(token.IsFromApplicationCredential);
        Assert.True(token.ExpiresAt > DateTimeOffset.UtcNow);
        Assert.Subset(token.Catalog.ServiceTypes.ToHashSet(), new HashSet<string> { "identity", "compute", "image", "network" });
    }

    [Fact]
    public async Task A_chunked_body_is_taken_for_an_empty_one()
    {
        target.Connect();
        using var http = new HttpClient();
        using var logIn =
            new HttpRequestMessage(HttpMethod.Post, new Uri(target.Cloud.AuthUrl.GetLeftPart(UriPartial.Authority) + "/v3/auth/tokens"));
        logIn.Content =
            new StringContent("""{"auth":{"identity":{"methods":["password"],"password":{"user":{"id":"x","password":"x"}}}}}""",
                System.Text.Encoding.UTF8, "application/json");
        logIn.Headers.TransferEncodingChunked = true;
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, (await http.SendAsync(logIn, Ct)).StatusCode);
    }

    [Fact]
    public async Task Requests_at_once_share_one_log_in()
    {
        var recorder = new Recorder();
        var cloud = target.Connect(recorder);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => cloud.Compute.KeyPairs.ListAsync(Ct)));
        Assert.Single(recorder.Exchanges, e => e.Method == "POST" && e.Url.EndsWith("/auth/tokens", StringComparison.Ordinal));
        Assert.DoesNotContain((await cloud.AuthenticateAsync(Ct)).Value, recorder.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/v3")]
    [InlineData("/v3/")]
    public async Task Keystone_is_found_from_its_root_or_its_version(string path)
    {
        var root = target.Cloud?.AuthUrl.GetLeftPart(UriPartial.Authority);
        var token = await target.Connect(with: c => c with { AuthUrl = new Uri(root + path) }).AuthenticateAsync(Ct);
        Assert.NotNull(token.ProjectId);
    }

    [Fact]
    public Task A_wrong_password_is_told_as_a_failed_log_in() =>
        FailsAsync("LogInFailed",
            () => target.Connect(
                with: c => c with { Credential = ((PasswordCredential)c.Credential) with { Password = "certainly-wrong" } })
                .AuthenticateAsync(Ct));

    [Fact]
    public Task An_unknown_project_is_told_as_a_failed_log_in() =>
        FailsAsync("LogInFailed",
            () => target.Connect(with: c => c with { Scope = c.Scope! with { ProjectName = "no-such-project" } }).AuthenticateAsync(Ct));

    [Fact]
    public async Task A_ready_token_is_used_as_it_is()
    {
        var token = await target.Connect().AuthenticateAsync(Ct);
        var second = await target.Connect(with: c => c with { Credential = new TokenCredential { Token = token.Value } })
            .AuthenticateAsync(Ct);
        Assert.Equal(token.Value, second.Value);
        Assert.Equal(token.ProjectId, second.ProjectId);
    }

    [Fact]
    public Task A_token_that_is_none_is_told_so() =>
        FailsAsync("TokenEnded",
            () => target.Connect(with: c => c with { Credential = new TokenCredential { Token = "gAAAAA-no-such-token" } })
                .AuthenticateAsync(Ct));

    [Fact]
    public async Task A_revoked_token_is_renewed_once_and_the_request_goes_through()
    {
        var recorder = new Recorder();
        var cloud = target.Connect(recorder);
        await cloud.Identity.ListProjectsAsync(Ct);
        var stale = await cloud.AuthenticateAsync(Ct);
        using (var http = new HttpClient())
        {
            using var revoke =
                new HttpRequestMessage(HttpMethod.Delete,
                    new Uri(target.Cloud.AuthUrl.GetLeftPart(UriPartial.Authority) + "/v3/auth/tokens"));
            revoke.Headers.Add("X-Auth-Token", stale.Value);
            revoke.Headers.Add("X-Subject-Token", stale.Value);
            (await http.SendAsync(revoke, Ct)).EnsureSuccessStatusCode();
        }
        await cloud.Identity.ListProjectsAsync(Ct);
        Assert.NotEqual(stale.Value, (await cloud.AuthenticateAsync(Ct)).Value);
        Assert.Single(recorder.Exchanges, e => e.Status == System.Net.HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_application_credential_logs_in_by_id_and_by_name()
    {
        var cloud = target.Connect();
        var token = await cloud.AuthenticateAsync(Ct);
        var name = NewName("cred");
        using var http = new HttpClient { BaseAddress = new Uri(target.Cloud.AuthUrl.GetLeftPart(UriPartial.Authority)) };
        http.DefaultRequestHeaders.Add("X-Auth-Token", token.Value);
        var path = $"/v3/users/{token.UserId}/application_credentials";
        using var made =
            await http.PostAsync(path,
                new StringContent($"{{\"application_credential\":{{\"name\":\"{name}\"}}}}", System.Text.Encoding.UTF8, "application/json"),
                Ct);
        using var json = JsonDocument.Parse(await made.Content.ReadAsStringAsync(Ct));
        var credential = json.RootElement.GetProperty("application_credential");
        var secret = credential.GetProperty("secret").GetString()!;
        var id = credential.GetProperty("id").GetString()!;
        var user = (PasswordCredential)target.Cloud.Credential;
        try
        {
            var byId = await target.Connect(with: c => c with { Credential = new ApplicationCredential { Id = id, Secret = secret } })
                .AuthenticateAsync(Ct);
            Assert.True(byId.IsFromApplicationCredential);
            Assert.Equal(token.ProjectId, byId.ProjectId);
            var byName = await target.Connect(with: c => c with
            {
                Credential = new ApplicationCredential
                {
                    Name = name,
                    Secret = secret,
                    UserName = user.UserName,
                    DomainId = user.DomainId,
                    DomainName = user.DomainName
                },
            }).AuthenticateAsync(Ct);
            Assert.Equal(token.ProjectId, byName.ProjectId);
            await FailsAsync("LogInFailed",
                () => target.Connect(with: c => c with { Credential = new ApplicationCredential { Id = id, Secret = "wrong-secret" } })
                    .AuthenticateAsync(Ct));
        }
        finally
        {
            await http.DeleteAsync($"{path}/{id}", Ct);
        }
        await FailsAsync("LogInFailed",
            () => target.Connect(with: c => c with { Credential = new ApplicationCredential { Id = id, Secret = secret } })
                .AuthenticateAsync(Ct));
    }

    [Fact]
    public async Task The_users_projects_are_listed()
    {
        var cloud = target.Connect();
        var token = await cloud.AuthenticateAsync(Ct);
        Assert.Contains(await cloud.Identity.ListProjectsAsync(Ct), p => p.Id == token.ProjectId && p.Name == token.ProjectName);
    }

    [Fact]
    public async Task Flavors_images_networks_zones_and_limits_are_listed_and_shown()
    {
        var cloud = target.Connect();
        var flavor = await FlavorAsync(cloud);
        Assert.Equal(flavor, await cloud.Compute.Flavors.GetAsync(flavor.Id, Ct));
        var image = await ImageAsync(cloud);
        Assert.Equal(image.Name, (await cloud.Image.GetAsync(image.Id, Ct)).Name);
        Assert.Contains(await cloud.Image.ListAsync(new ImageFilter { Name = image.Name }, Ct).ToListAsync(Ct), i => i.Id == image.Id);
        Assert.Empty(await cloud.Image.ListAsync(new ImageFilter { Name = "no such image" }, Ct).ToListAsync(Ct));
        var network = await NetworkAsync(cloud);
        Assert.Equal(network.Name, (await cloud.Network.Networks.GetAsync(network.Id, Ct)).Name);
        Assert.Contains(await cloud.Network.Networks.ListAsync(network.Name, Ct).ToListAsync(Ct), n => n.Id == network.Id);
        Assert.Contains(await cloud.Compute.AvailabilityZones.ListAsync(Ct), z => z.ZoneState!.Available);
        Assert.NotEqual(0, (await cloud.Compute.Limits.GetAsync(Ct)).MaxInstances);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        var cloud = target.Connect();
        await FailsAsync(ServiceErrorIds.NotFound, () => cloud.Compute.Servers.GetAsync(Nowhere, Ct));
        await FailsAsync(ServiceErrorIds.NotFound, () => cloud.Compute.Flavors.GetAsync(Nowhere, Ct));
        await FailsAsync(ServiceErrorIds.NotFound, () => cloud.Compute.KeyPairs.GetAsync("no-such-key", Ct));
        await FailsAsync(ServiceErrorIds.NotFound, () => cloud.Image.GetAsync(Nowhere, Ct));
        await FailsAsync(ServiceErrorIds.NotFound, () => cloud.Network.Networks.GetAsync(Nowhere, Ct));
        var failure = await FailsAsync(ServiceErrorIds.NotFound, () => cloud.Network.SecurityGroups.GetAsync(Nowhere, Ct));
        Assert.NotNull(failure.ServiceMessage);
        Assert.False(await cloud.Compute.Servers.DeleteAsync(Nowhere, Ct));
        Assert.False(await cloud.Image.DeleteAsync(Nowhere, Ct));
        Assert.False(await cloud.Network.SecurityGroups.DeleteAsync(Nowhere, Ct));
    }

    [Fact]
    public async Task A_key_pair_lives_and_its_name_is_taken_once()
    {
        const string key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICqzfH886fgGTRk4UxzLdrUjei/i8h/oTdYtkRfsVqzt test";
        var cloud = target.Connect();
        var name = NewName("key");
        var made = await cloud.Compute.KeyPairs.CreateAsync(name, key, Ct);
        Assert.NotNull(made.Fingerprint);
        Assert.Contains(await cloud.Compute.KeyPairs.ListAsync(Ct), k => k.Name == name && k.Fingerprint == made.Fingerprint);
        await FailsAsync(ServiceErrorIds.Conflict, () => cloud.Compute.KeyPairs.CreateAsync(name, key, Ct));
        await FailsAsync(ServiceErrorIds.InvalidRequest, () => cloud.Compute.KeyPairs.CreateAsync(NewName("key"), "nonsense", Ct));
        await cloud.Compute.KeyPairs.DeleteAsync(name, Ct);
        await FailsAsync(ServiceErrorIds.NotFound, () => cloud.Compute.KeyPairs.GetAsync(name, Ct));
    }

    [Fact]
    public async Task A_security_group_takes_rules_at_once_and_each_only_once()
    {
        var groups = target.Connect().Network.SecurityGroups;
        var name = NewName("sec");
        var group = await groups.CreateAsync(name, "contract test", Ct);
        try
        {
            var rules = await groups.CreateRulesAsync(
                [SecurityGroupRule.TcpIn(group.Id, 8020, "port"), SecurityGroupRule.TcpIn(group.Id, 8021, "control port")], Ct);
            Assert.Equal([8020, 8021], rules.Select(r => r.PortRangeMin!.Value).Order());
            Assert.All(rules, r => Assert.Equal(("ingress", "tcp", group.Id), (r.Direction, r.Protocol, r.SecurityGroupId)));
            await FailsAsync(ServiceErrorIds.Conflict,
                () => groups.CreateRulesAsync([SecurityGroupRule.TcpIn(group.Id, 8020, "again")], Ct));
            var listed = Assert.Single(await groups.ListAsync(name, Ct).ToListAsync(Ct));
            Assert.Equal(4, listed.Rules.Count);
            await groups.DeleteRuleAsync(rules[0].Id!, Ct);
            Assert.Equal(3, (await groups.GetAsync(group.Id, Ct)).Rules.Count);
        }
        finally
        {
            Assert.True(await groups.DeleteAsync(group.Id, Ct));
        }
        Assert.False(await groups.DeleteAsync(group.Id, Ct));
        Assert.Empty(await groups.ListAsync(name, Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task A_server_lives_from_request_to_image_to_deletion()
    {
        var recorder = new Recorder();
        var cloud = target.Connect(recorder);
        var name = NewName("vm");
        var group = await cloud.Network.SecurityGroups.CreateAsync(name, "contract test", Ct);
        var network = await NetworkAsync(cloud);
        var created = await cloud.Compute.Servers.CreateAsync(await NewServerAsync(cloud, name) with
        {
            SecurityGroups = ["default", name],
            UserData = "#include\nhttp://secret.example/v1/userdata/not-to-be-seen",
            Metadata = new Dictionary<string, string> { ["cluster"] = "ct" },
        }, Ct);
        try
        {
            var server = await target.UntilAsync(() => cloud.Compute.Servers.GetAsync(created.Id, Ct), s => s.Status != "BUILD");
            Assert.Equal("ACTIVE", server.Status);
            Assert.Equal(name, server.Name);
            Assert.Equal("ct", server.Metadata["cluster"]);
            Assert.NotEmpty(server.IPAddresses);
            Assert.True(server.Addresses.ContainsKey(network.Name));
            Assert.NotNull(server.FlavorId);
            Assert.NotNull(server.ImageId);
            Assert.Contains(server.SecurityGroups!, g => g.Name == name);

            Assert.Equal(created.Id,
                Assert.Single(await cloud.Compute.Servers.ListAsync(new ServerFilter { Name = name }, Ct).ToListAsync(Ct)).Id);
            Assert.Empty(await cloud.Compute.Servers.ListAsync(new ServerFilter { Name = name[..^1] }, Ct).ToListAsync(Ct));
            var port = Assert.Single(await cloud.Network.Networks.ListPortsAsync(created.Id, Ct).ToListAsync(Ct));
            Assert.Contains(group.Id, port.SecurityGroups);
            Assert.NotNull(await cloud.Compute.Servers.GetConsoleAsync(created.Id, 5, Ct));
            await FailsAsync(ServiceErrorIds.Conflict, () => cloud.Compute.Servers.StartAsync(created.Id, Ct));
            await FailsAsync(ServiceErrorIds.Conflict, () => cloud.Network.SecurityGroups.DeleteAsync(group.Id, Ct));

            var imageId = await cloud.Compute.Servers.CreateImageAsync(created.Id,
                name, new Dictionary<string, string> { ["k2hdkc_cluster"] = "ct" }, Ct);
            try
            {
                var image = await target.UntilAsync(() => cloud.Image.GetAsync(imageId, Ct),
                    i => !target.CompletesImages || i.Status is not ("queued" or "saving"));
                if (target.CompletesImages) Assert.Equal("active", image.Status);
                Assert.Equal("ct", image.Property("k2hdkc_cluster"));
                image = await cloud.Image.SetPropertiesAsync(image,
                    new Dictionary<string, string> { ["k2hdkc_cluster"] = "ct2", ["k2hdkc_time"] = "now" }, Ct);
                Assert.Equal(("ct2", "now"), (image.Property("k2hdkc_cluster"), image.Property("k2hdkc_time")));
                var found = await cloud.Image.ListAsync(
                    new ImageFilter { Properties = new Dictionary<string, string> { ["k2hdkc_cluster"] = "ct2" }, Name = name },
                    Ct).ToListAsync(Ct);
                Assert.Equal(imageId, Assert.Single(found).Id);
            }
            finally
            {
                Assert.True(await cloud.Image.DeleteAsync(imageId, Ct));
            }
        }
        finally
        {
            Assert.True(await cloud.Compute.Servers.DeleteAsync(created.Id, Ct));
            await target.UntilAsync(() => IsGoneAsync(cloud, created.Id), gone => gone);
            Assert.True(await cloud.Network.SecurityGroups.DeleteAsync(group.Id, Ct));
        }
        Assert.DoesNotContain("not-to-be-seen", recorder.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("I2luY2x1ZGU", recorder.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FlavorNotFound")]
    [InlineData("ImageNotFound")]
    [InlineData("NetworkNotFound")]
    [InlineData("KeyPairNotFound")]
    [InlineData("SecurityGroupNotFound")]
    public async Task A_server_of_something_missing_says_what_is_missing(string errorId)
    {
        var cloud = target.Connect();
        var good = await NewServerAsync(cloud, NewName("vm"));
        var bad = errorId switch
        {
            "FlavorNotFound" => good with { FlavorId = Nowhere },
            "ImageNotFound" => good with { ImageId = Nowhere },
            "NetworkNotFound" => good with { Networks = [new ServerNetwork { NetworkId = Nowhere }] },
            "KeyPairNotFound" => good with { KeyName = "no-such-key" },
            _ => good with { SecurityGroups = ["no-such-group"] },
        };
        var failure = await FailsAsync(errorId, () => cloud.Compute.Servers.CreateAsync(bad, Ct));
        Assert.Equal(ErrorKind.NotFound, failure.Kind);
        Assert.NotNull(failure.RequestId);
    }

    [Fact]
    public async Task A_server_too_large_for_the_quota_is_told_as_that()
    {
        var cloud = target.Connect();
        var limits = await cloud.Compute.Limits.GetAsync(Ct);
        var huge = await cloud.Compute.Flavors.ListAsync(Ct)
            .FirstOrDefaultAsync(f => limits.MaxCores >= 0 && f.Vcpus > limits.MaxCores, Ct);
        if (huge is null) Assert.Skip("The cloud has no flavor larger than the quota.");
        var server = await NewServerAsync(cloud, NewName("vm"));
        var failure = await FailsAsync(ServiceErrorIds.QuotaExceeded,
            () => cloud.Compute.Servers.CreateAsync(server with { FlavorId = huge.Id }, Ct));
        Assert.Equal(ErrorKind.QuotaExceeded, failure.Kind);
    }

    [Fact]
    public async Task A_newer_microversion_is_used_when_a_property_needs_it()
    {
        var cloud = target.Connect();
        var server = await NewServerAsync(cloud, NewName("vm"));
        var created = await cloud.Compute.Servers.CreateAsync(server with
        {
            Properties = new Dictionary<string, JsonElement> { ["tags"] = JsonSerializer.SerializeToElement<string[]>(["ct"]) },
        }, Ct);
        Assert.True(await cloud.Compute.Servers.DeleteAsync(created.Id, Ct));
        await FailsAsync(ServiceErrorIds.InvalidRequest, () => cloud.Compute.Servers.CreateAsync(server with
        {
            Properties = new Dictionary<string, JsonElement> { ["colour"] = JsonSerializer.SerializeToElement("red") },
        }, Ct));
    }

    [Fact]
    public async Task A_server_in_a_zone_that_is_not_there_is_refused_or_ends_in_error()
    {
        var cloud = target.Connect();
        await FailsAsync(ServiceErrorIds.InvalidRequest,
            async () => await cloud.Compute.Servers.CreateAsync(
                await NewServerAsync(cloud, NewName("vm")) with { AvailabilityZone = "no-such-zone" }, Ct));
    }

    private static async Task<bool> IsGoneAsync(OpenStackConnection cloud, string id)
    {
        try
        {
            return (await cloud.Compute.Servers.GetAsync(id, Ct)).Status == "DELETED";
        }
        catch (ServiceException e) when (e.ErrorId == ServiceErrorIds.NotFound)
        {
            return true;
        }
    }

    private static async Task<NewServer> NewServerAsync(OpenStackConnection cloud, string name) => new()
    {
        Name = name,
        FlavorId = (await FlavorAsync(cloud)).Id,
        ImageId = (await ImageAsync(cloud)).Id,
        Networks = [new ServerNetwork { NetworkId = (await NetworkAsync(cloud)).Id }],
    };

    private static async Task<Flavor> FlavorAsync(OpenStackConnection cloud) =>
        (await cloud.Compute.Flavors.ListAsync(Ct).ToListAsync(Ct)).MinBy(f => f.Ram)!;

    private static async Task<Image> ImageAsync(OpenStackConnection cloud) =>
        await cloud.Image.ListAsync(new ImageFilter { Status = "active" }, Ct).FirstAsync(i => i.Visibility == "public", Ct);

    private static async Task<Network> NetworkAsync(OpenStackConnection cloud) =>
        await cloud.Network.Networks.ListAsync(null, Ct).FirstAsync(n => !n.IsExternal && n.Subnets.Count > 0, Ct);
}
