using K2hdkcDbaas.Sandbox.Tests.Hosting;

namespace K2hdkcDbaas.Sandbox.Tests.Glance;

public class GlanceTests
{
    private const string Patch = "application/openstack-images-v2.1-json-patch";

    [Fact]
    public async Task An_image_is_made_filled_patched_and_deleted()
    {
        await using var cloud = await Cloud.StartAsync();
        var made = await cloud.PostAsync("glance", "/v2/images",
            """{"name": "raw-img", "disk_format": "qcow2", "container_format": "bare", "min_disk": 1, "tags": ["k2hdkc"]}""");
        Assert.Equal((201, "queued", "shared"), (made.Status, Text(made, "status"), Text(made, "visibility")));
        Assert.Null(made.Body!["size"]);
        Assert.Null(made.Body["stores"]);
        var path = "/v2/images/" + Text(made, "id");
        Assert.EndsWith(path, made.Header("Location"));

        var refused = await cloud.CreateServerAsync(more: "");
        Assert.Equal(202, refused.Status);
        var early = await cloud.PostAsync("nova", "/v2.1/servers",
            $$$$"""{"server": {"name": "x", "imageRef": "{{{{Text(made, "id")}}}}", "flavorRef": "{{{{await cloud.FlavorIdAsync()}}}}"}}""");
        Assert.Equal((400, $"Image {Text(made, "id")} is not active."), (early.Status, early.Error));

        Assert.Equal(204, (await cloud.SendAsync("PUT", "glance", path + "/file", "abcd", contentType: "application/octet-stream")).Status);
        var twice = await cloud.SendAsync("PUT", "glance", path + "/file", "abcd", contentType: "application/octet-stream");
        Assert.Equal((409, "Image status transition from active to saving is not allowed<br /><br />\n\n\n"), (twice.Status, twice.Error));

        var patched = await cloud.SendAsync("PATCH", "glance",
            path, """[{"op": "replace", "path": "/name", "value": "raw-img-2"}, {"op": "add", "path": "/k2h_role", "value": "server"}]""",
            contentType: Patch);
        Assert.Equal((200, "raw-img-2", "server", 4, "e2fc714c4727ee9395f324cd2e7f331f", "active"),
            (patched.Status, Text(patched, "name"), Text(patched, "k2h_role"), patched.Body!["size"]!.GetValue<int>(),
                Text(patched, "checksum"), Text(patched, "status")));
        Assert.StartsWith("d8022f2060ad6efd297ab73dcc5355c9", Text(patched, "os_hash_value"));
        Assert.Single((await cloud.GetAsync("glance", "/v2/images?k2h_role=server")).Body!["images"]!.AsArray());
        Assert.Single((await cloud.GetAsync("glance", "/v2/images?tag=k2hdkc")).Body!["images"]!.AsArray());

        Assert.Equal(404, (await cloud.GetAsync("glance", path, user: "alt")).Status);
        Assert.Equal(204, (await cloud.SendAsync("DELETE", "glance", path, (string?)null)).Status);
        Assert.Equal(404, (await cloud.GetAsync("glance", path)).Status);
    }

    [Theory]
    [InlineData("""[{"op": "replace", "path": "/no_such", "value": "x"}]""", 409,
        "There was a conflict when trying to complete your request.<br /><br />\nProperty no_such does not exist.\n\n")]
    [InlineData("""[{"op": "remove", "path": "/no_such"}]""",
        409, "There was a conflict when trying to complete your request.<br /><br />\nProperty no_such does not exist.\n\n")]
    [InlineData("""[{"op": "remove", "path": "/name"}]""", 403,
        "Access was denied to this resource.<br /><br />\nProperty name may not be removed.\n\n")]
    [InlineData("""[{"op": "replace", "path": "/id", "value": "x"}]""", 403, "Attribute 'id' is read-only.<br /><br />\n\n\n")]
    [InlineData("""[{"op": "replace", "path": "/visibility", "value": "public"}]""", 403,
        "You are not authorized to complete publicize_image action.<br /><br />\n\n\n")]
    public async Task Patches_that_do_not_fit_are_refused(string patch, int status, string message)
    {
        await using var cloud = await Cloud.StartAsync();
        var made = await cloud.PostAsync("glance", "/v2/images", """{"name": "x"}""");
        var answer = await cloud.SendAsync("PATCH", "glance", "/v2/images/" + Text(made, "id"), patch, contentType: Patch);
        Assert.Equal((status, message), (answer.Status, answer.Error));
        Assert.Equal(415, (await cloud.SendAsync("PATCH", "glance", "/v2/images/" + Text(made, "id"), patch)).Status);
    }

    [Fact]
    public async Task Refusals_are_worded_as_captured()
    {
        await using var cloud = await Cloud.StartAsync();
        var id = await cloud.ImageIdAsync();
        var missing = await cloud.GetAsync("glance", "/v2/images/00000000-0000-0000-0000-000000000000");
        Assert.Equal("""{"message":"No image found with ID 00000000-0000-0000-0000-000000000000<br /><br />\n\n\n","code":"404 Not Found","title":"Not Found"}""", missing.Text);
        var open = await cloud.PostAsync("glance", "/v2/images",
            """{"name": "x", "disk_format": "raw", "container_format": "bare", "visibility": "public"}""");
        Assert.Equal((403, "You are not authorized to complete publicize_image action.<br /><br />\n\n\n"), (open.Status, open.Error));
        var format = await cloud.PostAsync("glance", "/v2/images", """{"name": "x", "disk_format": "floppy"}""");
        Assert.StartsWith("Provided object does not match schema 'image': 'floppy' is not one of [None, 'ami',", format.Error);
        var taken = await cloud.PostAsync("glance", "/v2/images", $$$$"""{"id": "{{{{id}}}}", "name": "x"}""");
        Assert.Equal((409, $"Image ID {id} already exists!<br /><br />\n\n\n"), (taken.Status, taken.Error));
        Assert.Equal(403, (await cloud.SendAsync("DELETE", "glance", "/v2/images/" + id, (string?)null)).Status);
    }

    [Fact]
    public async Task Clients_that_do_not_ask_for_json_get_the_frameworks_page()
    {
        await using var cloud = await Cloud.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(cloud.Host.Endpoint("glance"), "/v2/images/lab-image"));
        request.Headers.Add("X-Auth-Token", await cloud.TokenAsync());
        using var http = new HttpClient();
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("text/html; charset=UTF-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Contains("No image found with ID lab-image<br /><br />",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Pages_follow_each_other()
    {
        await using var cloud = await Cloud.StartAsync();
        for (var i = 0; i < 3; i++) await cloud.PostAsync("glance", "/v2/images", $$$$"""{"name": "i{{{{i}}}}"}""");
        List<string?> names = [];
        for (var path = "/v2/images?limit=2"; path is not null;)
        {
            var page = await cloud.GetAsync("glance", path);
            names.AddRange(page.Body!["images"]!.AsArray().Select(i => i!["name"]!.GetValue<string>()));
            path = page.Body["next"]?.GetValue<string>();
        }
        Assert.Equal(["i2", "i1", "i0", "lab-image"], names);
        Assert.Equal(400, (await cloud.GetAsync("glance", "/v2/images?marker=none")).Status);
    }

    private static string? Text(Answer answer, string name) => answer.Body![name]?.GetValue<string>();
}
