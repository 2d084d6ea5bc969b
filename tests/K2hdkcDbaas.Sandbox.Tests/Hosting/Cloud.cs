using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Tests.Hosting;

/// <summary>An answer of the sandbox.</summary>
public sealed record Answer(int Status, JsonNode? Body, string Text, HttpResponseMessage Message)
{
    public string? Header(string name) =>
        Message.Headers.TryGetValues(name, out var values) || Message.Content.Headers.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;

    /// <summary>The error's text, whatever the service wraps it in.</summary>
    public string? Error => Body is JsonObject o
        ? (o["message"]
            ?? o.Select(m => m.Value).OfType<JsonObject>().Select(v => v["message"]).FirstOrDefault(v => v is not null))?.GetValue<string>()
        : null;

    /// <summary>The key around the error.</summary>
    public string? ErrorKey => (Body as JsonObject)?.Select(m => m.Key).FirstOrDefault();
}

/// <summary>A sandbox whose clock stands still, spoken to with a plain HTTP client.</summary>
public sealed class Cloud : IAsyncDisposable
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly Dictionary<string, string> _tokens = [];

    private Cloud(SandboxHost host) => Host = host;

    public SandboxHost Host { get; }

    /// <summary>Id of the project demo.</summary>
    public string Project { get; private set; } = "";

    public static async Task<Cloud> StartAsync(SandboxOptions? options = null)
    {
        var cloud = new Cloud(
            await SandboxHost.StartAsync(options ?? new SandboxOptions { Speed = 0, Guests = false },
                TestContext.Current.CancellationToken));
        cloud.Project = (await cloud.GetAsync("keystone", "/v3/auth/projects")).Body!["projects"]![0]!["id"]!.GetValue<string>();
        return cloud;
    }

    public static JsonObject PasswordLogin(string user, string password, string? project)
    {
        var domain = new JsonObject { ["name"] = "Default" };
        var auth = new JsonObject
        {
            ["identity"] = new JsonObject
            {
                ["methods"] = new JsonArray("password"),
                ["password"] = new JsonObject
                {
                    ["user"] =
                    new JsonObject { ["name"] = user, ["domain"] = domain.DeepClone(), ["password"] = password }
                },
            },
        };
        if (project is not null)
            auth["scope"] = new JsonObject { ["project"] = new JsonObject { ["name"] = project, ["domain"] = domain } };
        return new JsonObject { ["auth"] = auth };
    }

    /// <summary>A token of a user in the project of its name (demo-reader in demo).</summary>
    public async Task<string> TokenAsync(string user = "demo")
    {
        if (_tokens.TryGetValue(user, out var token)) return token;
        var answer = await SendAsync("POST", "keystone", "/v3/auth/tokens", PasswordLogin(user, Host.Password, user.Split('-')[0]),
            user: null);
        Assert.Equal(201, answer.Status);
        return _tokens[user] = answer.Header("X-Subject-Token")!;
    }

    public void Forget(string user) => _tokens.Remove(user);

    public Task<Answer> GetAsync(string service, string path, string? user = "demo", string? version = null) =>
        SendAsync("GET", service, path, (string?)null, user, version);

    public Task<Answer> PostAsync(string service, string path, string json, string? user = "demo", string? version = null) =>
        SendAsync("POST", service, path, json, user, version);

    public Task<Answer> SendAsync(string method, string service, string path, JsonNode? body, string? user = "demo",
        string? version = null) =>
        SendAsync(method, service, path, body?.ToJsonString(), user, version);

    /// <summary>Sends a request; {project} in the path and body stands for the project demo.</summary>
    public async Task<Answer> SendAsync(
        string method, string service, string path, string? body, string? user = "demo", string? version = null, string? token = null,
        string contentType = "application/json",
        params (string Name, string Value)[] headers)
    {
        using var request =
            new HttpRequestMessage(new HttpMethod(method), new Uri(Host.Endpoint(service), path.Replace("{project}", Project)));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        token ??= user is null ? null : await TokenAsync(user);
        if (token is not null) request.Headers.Add("X-Auth-Token", token);
        if (version is not null) request.Headers.TryAddWithoutValidation("OpenStack-API-Version", "compute " + version);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null) request.Content = new StringContent(body.Replace("{project}", Project), Encoding.UTF8, contentType);
        var message = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await message.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var json = message.Content.Headers.ContentType?.MediaType == "application/json" && text.Length > 0 ? JsonNode.Parse(text) : null;
        return new Answer((int)message.StatusCode, json, text, message);
    }

    public async Task<string> ImageIdAsync() =>
        (await GetAsync("glance", "/v2/images?name=lab-image")).Body!["images"]![0]!["id"]!.GetValue<string>();

    public async Task<string> FlavorIdAsync(string name = "lab.tiny") =>
        (await GetAsync("nova", "/v2.1/flavors")).Body!["flavors"]!.AsArray()
            .Single(f => f!["name"]!.GetValue<string>() == name)!["id"]!.GetValue<string>();

    public async Task<string> NetworkIdAsync(string name = "private") =>
        (await GetAsync("neutron", "/v2.0/networks?name=" + name)).Body!["networks"]![0]!["id"]!.GetValue<string>();

    /// <summary>Asks for a server; <paramref name="more"/> are further members of its body.</summary>
    public async Task<Answer> CreateServerAsync(string name = "raw", string more = "", string flavor = "lab.tiny", string? version = null,
        string user = "demo") =>
        await PostAsync("nova", "/v2.1/servers",
            $$$$"""{"server": {"name": "{{{{name}}}}", "imageRef": "{{{{await ImageIdAsync()}}}}", "flavorRef": "{{{{await FlavorIdAsync(flavor)}}}}"{{{{more}}}}}}""", user, version);

    public async Task<string> ServerAsync(string name = "raw", string more = "", bool active = true)
    {
        var answer = await CreateServerAsync(name, more);
        Assert.Equal(202, answer.Status);
        if (active) await Host.AdvanceAsync(TimeSpan.FromSeconds(1));
        return answer.Body!["server"]!["id"]!.GetValue<string>();
    }

    public async Task<JsonNode?> ShowServerAsync(string id, string? version = null, string user = "demo") =>
        (await GetAsync("nova", "/v2.1/servers/" + id, user, version)).Body?["server"];

    public async ValueTask DisposeAsync()
    {
        var problems = Host.Problems;
        await Host.DisposeAsync();
        Assert.Empty(problems);
    }
}
