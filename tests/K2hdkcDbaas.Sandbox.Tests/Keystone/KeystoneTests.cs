using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Tests.Hosting;

namespace K2hdkcDbaas.Sandbox.Tests.Keystone;

public class KeystoneTests
{
    private const string Refused = "The request you have made requires authentication.";

    [Fact]
    public async Task Discovery_is_300_with_a_location_and_200_below()
    {
        await using var cloud = await Cloud.StartAsync();
        var root = await cloud.GetAsync("keystone", "/", user: null);
        Assert.Equal((300, cloud.Host.AuthUrl + "/"), (root.Status, root.Header("Location")));
        Assert.Equal("v3.14", root.Body!["versions"]!["values"]![0]!["id"]!.GetValue<string>());
        foreach (var path in new[] { "/v3", "/v3/" })
            Assert.Equal("stable", (await cloud.GetAsync("keystone", path, user: null)).Body!["version"]!["status"]!.GetValue<string>());
        Assert.Contains("close", root.Header("Connection"));
    }

    [Fact]
    public async Task A_scoped_token_brings_project_roles_and_catalogue()
    {
        await using var cloud = await Cloud.StartAsync();
        var answer = await cloud.SendAsync("POST", "keystone", "/v3/auth/tokens", Cloud.PasswordLogin("demo", "labsecret", "demo"),
            user: null);
        Assert.Equal(201, answer.Status);
        var token = answer.Body!["token"]!;
        Assert.Equal(["methods", "user", "audit_ids", "expires_at", "issued_at", "project", "is_domain", "roles", "catalog"],
            token.AsObject().Select(m => m.Key));
        Assert.Equal(["reader", "member"], token["roles"]!.AsArray().Select(r => r!["name"]!.GetValue<string>()));
        var compute = token["catalog"]!.AsArray().Single(s => s!["type"]!.GetValue<string>() == "compute")!;
        Assert.Equal("nova", compute["name"]!.GetValue<string>());
        Assert.Equal(["public", "internal", "admin"], compute["endpoints"]!.AsArray().Select(e => e!["interface"]!.GetValue<string>()));
        Assert.Equal(new Uri(cloud.Host.Endpoint("nova"), "/v2.1").ToString(), compute["endpoints"]![0]!["url"]!.GetValue<string>());
        var database = token["catalog"]!.AsArray().Single(s => s!["type"]!.GetValue<string>() == "database")!;
        Assert.EndsWith("/v1.0/" + token["project"]!["id"]!.GetValue<string>(), database["endpoints"]![0]!["url"]!.GetValue<string>());
        var brief = await cloud.SendAsync("POST", "keystone", "/v3/auth/tokens?nocatalog", Cloud.PasswordLogin("demo", "labsecret", "demo"),
            user: null);
        Assert.Null(brief.Body!["token"]!["catalog"]);
    }

    [Theory]
    [InlineData("demo", "wrong", "demo")]
    [InlineData("nobody", "labsecret", "demo")]
    [InlineData("demo", "labsecret", "alt")]
    [InlineData("demo", "labsecret", "no-such-project")]
    public async Task What_does_not_fit_is_one_and_the_same_401(string user, string password, string project)
    {
        await using var cloud = await Cloud.StartAsync();
        var answer = await cloud.SendAsync("POST", "keystone", "/v3/auth/tokens", Cloud.PasswordLogin(user, password, project), user: null);
        Assert.Equal((401, Refused), (answer.Status, answer.Error));
        Assert.Equal($"Keystone uri=\"{cloud.Host.AuthUrl}\"", answer.Header("WWW-Authenticate"));
    }

    [Theory]
    [InlineData("""{"auth": {}}""", "'identity' is a required property")]
    [InlineData("""{"x": 1}""", "'auth' is a required property")]
    [InlineData("x", "Expecting to find valid JSON in request body.")]
    public async Task A_malformed_login_is_400(string body, string start)
    {
        await using var cloud = await Cloud.StartAsync();
        var answer = await cloud.PostAsync("keystone", "/v3/auth/tokens", body, user: null);
        Assert.Equal(400, answer.Status);
        Assert.StartsWith(start, answer.Error);
    }

    [Fact]
    public async Task An_unscoped_token_finds_its_projects_and_is_traded_for_a_scoped_one()
    {
        await using var cloud = await Cloud.StartAsync();
        var unscoped = await cloud.SendAsync("POST", "keystone", "/v3/auth/tokens", Cloud.PasswordLogin("demo", "labsecret", null),
            user: null);
        Assert.Null(unscoped.Body!["token"]!["project"]);
        Assert.Null(unscoped.Body["token"]!["catalog"]);
        var id = unscoped.Header("X-Subject-Token")!;
        var projects = await cloud.SendAsync("GET", "keystone", "/v3/auth/projects", (string?)null, token: id);
        var project = Assert.Single(projects.Body!["projects"]!.AsArray())!["id"]!.GetValue<string>();
        var scoped = await cloud.PostAsync("keystone", "/v3/auth/tokens",
            $$$$$"""{"auth": {"identity": {"methods": ["token"], "token": {"id": "{{{{{id}}}}}"}}, "scope": {"project": {"id": "{{{{{project}}}}}"}}}}""", user: null);
        Assert.Equal(["password", "token"], scoped.Body!["token"]!["methods"]!.AsArray().Select(m => m!.GetValue<string>()));
        Assert.Equal(unscoped.Body["token"]!["expires_at"]!.GetValue<string>(), scoped.Body["token"]!["expires_at"]!.GetValue<string>());
        Assert.Equal(unscoped.Body["token"]!["audit_ids"]![0]!.GetValue<string>(),
            scoped.Body["token"]!["audit_ids"]![1]!.GetValue<string>());
    }

    [Fact]
    public async Task A_token_ends_with_its_time_and_with_its_revocation()
    {
        await using var cloud =
            await Cloud.StartAsync(new SandboxOptions { Speed = 0, Guests = false, TokenLifetime = TimeSpan.FromMinutes(5) });
        var token = await cloud.TokenAsync();
        cloud.Host.Clock.Advance(TimeSpan.FromMinutes(6));
        var late = await cloud.GetAsync("nova", "/v2.1/servers");
        Assert.Equal((401, Refused), (late.Status, late.Error));
        cloud.Forget("demo");
        var next = await cloud.TokenAsync();
        Assert.NotEqual(token, next);
        Assert.Equal(200,
            (await cloud.SendAsync("GET", "keystone", "/v3/auth/tokens?nocatalog", null, headers: ("X-Subject-Token", next))).Status);
        Assert.Equal(204,
            (await cloud.SendAsync("DELETE", "keystone", "/v3/auth/tokens", null, headers: ("X-Subject-Token", next))).Status);
        Assert.Equal(401, (await cloud.GetAsync("nova", "/v2.1/servers")).Status);
    }

    [Fact]
    public async Task An_application_credential_logs_in_by_id_or_name_and_manages_no_other()
    {
        await using var cloud = await Cloud.StartAsync();
        var user = (await cloud.SendAsync("POST", "keystone", "/v3/auth/tokens", Cloud.PasswordLogin("demo", "labsecret", "demo"),
            user: null)).Body!["token"]!["user"]!["id"]!.GetValue<string>();
        var path = $"/v3/users/{user}/application_credentials";
        var made = await cloud.PostAsync("keystone",
            path, """{"application_credential": {"name": "raw-cred", "description": "x", "expires_at": "2099-01-01T00:00:00Z", "unrestricted": false, "roles": [{"name": "member"}]}}""");
        Assert.Equal(201, made.Status);
        var credential = made.Body!["application_credential"]!;
        Assert.Equal("2099-01-01T00:00:00.000000", credential["expires_at"]!.GetValue<string>());
        var (id, secret) = (credential["id"]!.GetValue<string>(), credential["secret"]!.GetValue<string>());
        Assert.Null((await cloud.GetAsync("keystone", $"{path}/{id}")).Body!["application_credential"]!["secret"]);

        var taken = await cloud.PostAsync("keystone", path, """{"application_credential": {"name": "raw-cred"}}""");
        Assert.Equal((409, "Conflict occurred attempting to store application_credential - Duplicate entry found with name raw-cred."),
            (taken.Status, taken.Error));

        Task<Answer> LogIn(string by, string more = "") =>
            cloud.PostAsync("keystone", "/v3/auth/tokens",
                $$$$"""{"auth": {"identity": {"methods": ["application_credential"], "application_credential": { {{{{by}}}} }}{{{{more}}}} }}""", user: null);
        var byId = await LogIn($"\"id\": \"{id}\", \"secret\": \"{secret}\"");
        Assert.Equal(201, byId.Status);
        Assert.True(byId.Body!["token"]!["application_credential"]!["restricted"]!.GetValue<bool>());
        Assert.Equal(["member"], byId.Body["token"]!["roles"]!.AsArray().Select(r => r!["name"]!.GetValue<string>()));
        Assert.Equal(201,
            (await LogIn($"\"name\": \"raw-cred\", \"secret\": \"{secret}\", \"user\": {{\"name\": \"demo\", \"domain\": {{\"name\": "
                + $"\"Default\"}}}}")).Status);
        Assert.Equal((401, Refused),
            ((await LogIn($"\"id\": \"{id}\", \"secret\": \"wrong\"")).Status,
                (await LogIn($"\"id\": \"{id}\", \"secret\": \"wrong\"")).Error));
        var scoped = await LogIn($"\"id\": \"{id}\", \"secret\": \"{secret}\"",
            ", \"scope\": {\"project\": {\"name\": \"demo\", \"domain\": {\"name\": \"Default\"}}}");
        Assert.Equal((401, "Application credentials cannot request a scope."), (scoped.Status, scoped.Error));

        var token = byId.Header("X-Subject-Token");
        var nested = await cloud.SendAsync("POST", "keystone", path, """{"application_credential": {"name": "raw-cred-2"}}""",
            token: token);
        Assert.Equal((403,
            "You are not authorized to perform the requested action: Using method 'application_credential' is not allowed for managing "
                + "additional application credentials.."), (nested.Status, nested.Error));

        Assert.Equal(204, (await cloud.SendAsync("DELETE", "keystone", $"{path}/{id}", (JsonNode?)null)).Status);
        var gone = await LogIn($"\"id\": \"{id}\", \"secret\": \"{secret}\"");
        Assert.Equal((404, $"Could not find Application Credential: {id}."), (gone.Status, gone.Error));
        Assert.Equal(401, (await cloud.SendAsync("GET", "nova", "/v2.1/servers", (string?)null, token: token)).Status);
    }

    [Theory]
    [InlineData("GET", "/v3/projects", null, 401, Refused)]
    [InlineData("POST", "/v3/users", "demo", 403, "You are not authorized to perform the requested action: identity:create_user.")]
    [InlineData("GET", "/v3/users/00000000000000000000000000000000", "admin", 404,
        "Could not find user: 00000000000000000000000000000000.")]
    public async Task Errors_are_worded_as_captured(string method, string path, string? user, int status, string message)
    {
        await using var cloud = await Cloud.StartAsync();
        var answer = await cloud.SendAsync(method, "keystone", path, method == "POST" ? """{"user": {"name": "x"}}""" : null, user);
        Assert.Equal((status, message), (answer.Status, answer.Error));
        Assert.Equal(status, answer.Body!["error"]!["code"]!.GetValue<int>());
    }
}
