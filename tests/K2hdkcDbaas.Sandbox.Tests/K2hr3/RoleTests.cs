using System.IO.Compression;
using System.Text;

namespace K2hdkcDbaas.Sandbox.Tests.K2hr3;

public sealed class RoleTests
{
    [Fact]
    public async Task HostLinesAreThoseOfTheRealService()
    {
        await using var session = await K2hr3Session.StartAsync();
        await session.PutAsync("/v1/role/r?host=10.0.0.1&cuk=cuk-s1&extra=openstack-auto-v1&tag=s1.novalocal");
        await session.PutAsync("/v1/role/r?host=10.0.0.9&port=9999");
        await session.PostAsync("/v1/role/r",
            """{"host":{"host":"DB.example.com","port":8020,"cuk":"cuk-n","tag":"tg","inboundip":"1.1.1.1","outboundip":"2.2.2.2"}}""");

        var reply = await session.GetAsync("/v1/role/r?expand=false");

        Assert.Equal(
            """{"result":true,"message":null,"role":{"policies":[],"aliases":[],"hosts":{"hostnames":["db.example.com 8020 cuk-n tg 1.1.1.1 2.2.2.2"],"ips":["10.0.0.1 * cuk-s1 openstack-auto-v1 s1.novalocal","10.0.0.9 9999 "]}}}""",
            reply.Text);
    }

    [Fact]
    public async Task ANewRegistrationReplacesOneOfTheSameAddressAndKeyOnly()
    {
        await using var session = await K2hr3Session.StartAsync();
        foreach (var query in new[] { "host=10.0.0.1&cuk=a&tag=old", "host=10.0.0.1&cuk=a&tag=new", "host=10.0.0.2&cuk=a",
            "host=10.0.0.1&cuk=b" })
        {
            await session.PutAsync("/v1/role/r?" + query);
        }

        Assert.Equal(204, (await session.SendAsync("DELETE", "/v1/role/r?host=10.0.0.1&port=0&cuk=nosuch", session.Token)).Status);

        var hosts = (await session.GetAsync("/v1/role/r?expand=false")).Json["role"]!["hosts"]!["ips"]!.ToJsonString();
        Assert.Equal("""["10.0.0.1 * a new","10.0.0.1 * b","10.0.0.2 * a"]""", hosts);
    }

    [Fact]
    public async Task UnknownRolesReadAsEmptyAndAreNotListed()
    {
        await using var session = await K2hr3Session.StartAsync();

        Assert.Equal("""{"result":true,"message":null,"role":{"policies":[],"aliases":[],"hosts":{"hostnames":[],"ips":[]}}}""",
            (await session.GetAsync("/v1/role/nosuch?expand=false")).Text);
        Assert.Equal("""{"result":true,"message":null,"role":{"policies":[]}}""", (await session.GetAsync("/v1/role/nosuch")).Text);
        Assert.Equal(204, (await session.SendAsync("HEAD", "/v1/role/nosuch", session.Token)).Status);
        Assert.Equal(204, (await session.SendAsync("DELETE", "/v1/role/nosuch", session.Token)).Status);
        Assert.Equal(404, (await session.GetAsync("/v1/role/token/nosuch")).Status);
        Assert.Equal("""{"result":true,"message":null,"children":[]}""", (await session.GetAsync("/v1/list/role")).Text);
    }

    [Fact]
    public async Task RemovingARoleEndsItsTokens()
    {
        await using var session = await K2hr3Session.StartAsync();
        await session.PostAsync("/v1/resource", """{"resource":{"name":"x","type":"string","data":"text"}}""");
        var token = await session.MakeRoleAsync("r", "x");
        Assert.Equal(200, (await session.GetAsync("/v1/resource/x", token)).Status);

        Assert.Equal(204, (await session.SendAsync("DELETE", "/v1/role/r", session.Token)).Status);
        Assert.Equal(401, (await session.GetAsync("/v1/resource/x", token)).Status);

        await session.MakeRoleAsync("r", "x");
        Assert.Equal(401, (await session.GetAsync("/v1/resource/x", token)).Status);
    }

    [Fact]
    public async Task ExpireZeroMeansTenYears()
    {
        await using var session = await K2hr3Session.StartAsync();
        var token = await session.MakeRoleAsync("r", "x");

        var listed = (await session.GetAsync("/v1/role/token/list/r?expand=true")).Json["tokens"]!.AsObject();

        var (name, entry) = Assert.Single(listed);
        Assert.Equal(token[2..], name);
        Assert.Equal(TimeSpan.FromDays(3650),
            DateTimeOffset.Parse(entry!["expire"]!.GetValue<string>()) - DateTimeOffset.Parse(entry["date"]!.GetValue<string>()));
        Assert.Equal("demo", entry["user"]!.GetValue<string>());
        Assert.Equal($$"""{"result":true,"message":null,"tokens":["{{name}}"]}""",
            (await session.GetAsync("/v1/role/token/list/r?expand=false")).Text);
        Assert.Equal(204, (await session.SendAsync("DELETE", "/v1/role/token/" + name, session.Token)).Status);
        Assert.Equal(403, (await session.SendAsync("DELETE", "/v1/role/token/" + name, session.Token)).Status);
    }

    [Fact]
    public async Task ATokenIssuedToAHostWorksFromThereOnly()
    {
        await using var session = await K2hr3Session.StartAsync();
        await session.PostAsync("/v1/resource", """{"resource":{"name":"x","type":"string","data":"text"}}""");
        var user = await session.MakeRoleAsync("r", "x");
        await session.PutAsync("/v1/role/r?cuk=c1", user, from: "10.0.0.9");

        var issued = await session.GetAsync("/v1/role/token/yrn:yahoo:::demo:role:r?cuk=c1", "", from: "10.0.0.9");

        var token = "R=" + issued.Json["token"]!.GetValue<string>();
        Assert.Equal(200, (await session.GetAsync("/v1/resource/x", token, from: "10.0.0.9")).Status);
        Assert.Equal(401, (await session.GetAsync("/v1/resource/x", token, from: "10.0.0.8")).Status);
        Assert.Equal(404, (await session.GetAsync("/v1/role/token/yrn:yahoo:::demo:role:r?cuk=c1", "", from: "10.0.0.8")).Status);
        var wrong = await session.GetAsync("/v1/role/token/r", user, from: "10.0.0.9");
        Assert.Equal((400, "GET request ip address and role token are not same."), (wrong.Status, wrong.Message));
    }

    [Fact]
    public async Task ARoleTokenDoesNotReadItsRole()
    {
        await using var session = await K2hr3Session.StartAsync();
        var token = await session.MakeRoleAsync("r", "x");

        var reply = await session.GetAsync("/v1/role/r?expand=false", token);

        Assert.Equal((400, "GET request without UserToken for getting role(yrn:yahoo:::demo:role:r), need User Token."),
            (reply.Status, reply.Message));
    }

    [Theory]
    [InlineData("Cloud-Init/0.7.5", null, false)]
    [InlineData("cloud-init", "gzip", true)]
    [InlineData("Cloud-Init/22.4.2", null, true)]
    public async Task UserDataCarriesTheRoleToken(string agent, string? accept, bool zipped)
    {
        await using var session = await K2hr3Session.StartAsync();
        await session.MakeRoleAsync("r/s", "x");
        var issued = (await session.GetAsync("/v1/role/token/r/s?expire=0")).Json;
        var path = issued["registerpath"]!.GetValue<string>();
        Assert.InRange(path.Length, 180, 230);

        foreach (var form in new[] { path, Uri.EscapeDataString(path) })
        {
            var reply = await session.SendAsync("GET", "/v1/userdata/" + form, "", agent: agent, accept: accept);

            Assert.Equal(200, reply.Status);
            var text = zipped ? Unzip(reply.Bytes) : reply.Text;
            Assert.Equal(zipped ? "application/zip" : "multipart/mixed", reply.Headers["Content-Type"].Split(';')[0]);
            Assert.Contains($"K2HR3_ROLE_TOKEN=\"{issued["token"]!.GetValue<string>()}\"\n", text, StringComparison.Ordinal);
            Assert.Contains("K2HR3_ROLE_NAME=\"yrn:yahoo:::demo:role:r/s\"\n", text, StringComparison.Ordinal);
            Assert.Contains($"K2HR3_API_HOST_URI=\"{session.Host.Endpoint("k2hr3").ToString().TrimEnd('/')}\"\n", text,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task UserDataIsForCloudInit()
    {
        await using var session = await K2hr3Session.StartAsync();

        var stranger = await session.SendAsync("GET", "/v1/userdata/abc", "", agent: "curl/8");
        var broken = await session.SendAsync("GET", "/v1/userdata/abc", "", agent: "Cloud-Init/0.7.5");

        Assert.Equal((400, "GET request is not allowed from your client"), (stranger.Status, stranger.Message));
        Assert.Equal((200, "1"), (broken.Status, broken.Headers["Number-Attachments"]));
        Assert.Contains("Get userdata path is invalid.", broken.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecretsAreNotRecorded()
    {
        await using var session = await K2hr3Session.StartAsync();
        await session.MakeRoleAsync("r", "x");
        var issued = (await session.GetAsync("/v1/role/token/r")).Json;
        var path = issued["registerpath"]!.GetValue<string>();
        await session.SendAsync("GET", "/v1/userdata/" + path, "", agent: "cloud-init");
        await session.SendAsync("DELETE", "/v1/role/token/" + issued["token"]!.GetValue<string>(), session.Token);
        await session.SendAsync("PUT", "/v1/user/tokens?username=demo&password=labsecret", "");

        var recorded = string.Join('\n', session.Host.Calls.All.Select(call => call.Path + call.Query));

        Assert.DoesNotContain(Uri.UnescapeDataString(path), Uri.UnescapeDataString(recorded), StringComparison.Ordinal);
        Assert.DoesNotContain(issued["token"]!.GetValue<string>(), recorded, StringComparison.Ordinal);
        Assert.DoesNotContain("labsecret", recorded, StringComparison.Ordinal);
    }

    private static string Unzip(byte[] bytes)
    {
        using var zip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var reader = new StreamReader(zip, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
