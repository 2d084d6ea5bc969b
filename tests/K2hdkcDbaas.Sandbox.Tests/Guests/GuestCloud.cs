using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Tests.Guests;

/// <summary>A sandbox with quick guests, and the few calls that boot them.</summary>
internal sealed class GuestCloud : IAsyncDisposable
{
    private readonly HttpClient _http = new();
    private string _keystone = "";
    private string _k2hr3 = "";

    private GuestCloud(SandboxHost host) => Host = host;

    public SandboxHost Host { get; }

    public static async Task<GuestCloud> StartAsync(params GuestFault[] faults)
    {
        var cloud = new GuestCloud(await SandboxHost.StartAsync(
            new SandboxOptions
            {
                BuildTime = TimeSpan.FromMilliseconds(60),
                DeleteTime = TimeSpan.FromMilliseconds(20),
                GuestBootTime = TimeSpan.FromMilliseconds(20),
                GuestPollTime = TimeSpan.FromMilliseconds(50),
                GuestFaults = faults,
            },
            TestContext.Current.CancellationToken));
        await cloud.LogInAsync();
        return cloud;
    }

    /// <summary>Calls K2HR3 as user demo.</summary>
    public Task<(int Status, JsonNode? Body)> K2hr3Async(HttpMethod method, string path, object? body = null)
        => CallAsync(method, new Uri(Host.Endpoint("k2hr3"), path), "x-auth-token", "U=" + _k2hr3, body);

    /// <summary>Calls Nova as user demo.</summary>
    public Task<(int Status, JsonNode? Body)> NovaAsync(HttpMethod method, string path, object? body = null)
        => CallAsync(method, new Uri(Host.Endpoint("nova"), "/v2.1" + path), "X-Auth-Token", _keystone, body);

    /// <summary>
    /// Makes a role that reads a resource with a text and the keys of a server node, and gives the user data URL of its token.
    /// </summary>
    public async Task<string> MakeRoleAsync(string cluster, string text)
    {
        await K2hr3Async(HttpMethod.Post, "/v1/resource", new
        {
            resource = new
            {
                name = cluster,
                type = "string",
                data = text,
                keys = new Dictionary<string, object> { ["cluster-name"] = cluster }
            }
        });
        await K2hr3Async(HttpMethod.Post, "/v1/resource", new
        {
            resource = new
            {
                name = cluster + "/server",
                type = "string",
                data = "",
                keys = new Dictionary<string, object>
                {
                    ["chmpx-mode"] = "SERVER",
                    ["k2hr3-init-packages"] = "",
                    ["k2hr3-init-packagecloud-packages"] = "chmpx,k2hdkc",
                    ["k2hr3-init-systemd-packages"] = "chmpx.service,k2hdkc.service"
                },
            },
        });
        await K2hr3Async(HttpMethod.Put,
            $"/v1/policy?name={cluster}&effect=allow&action=yrn:yahoo::::action:read&resource=yrn:yahoo:::demo:resource:{cluster}/server");
        await K2hr3Async(HttpMethod.Put, $"/v1/role?name={cluster}&policies=yrn:yahoo:::demo:policy:{cluster}");
        await K2hr3Async(HttpMethod.Put, $"/v1/role?name={cluster}/server");
        var token = await K2hr3Async(HttpMethod.Get, $"/v1/role/token/{cluster}/server?expire=0");
        return new Uri(Host.Endpoint("k2hr3"), "/v1/userdata/" + token.Body!["registerpath"]!.GetValue<string>()).AbsoluteUri;
    }

    /// <summary>Asks for a server that includes a URL.</summary>
    public async Task<string> BootAsync(string name, string url)
    {
        var images = await CallAsync(HttpMethod.Get, new Uri(Host.Endpoint("glance"), "/v2/images"), "X-Auth-Token", _keystone, null);
        var flavors = await NovaAsync(HttpMethod.Get, "/flavors");
        var made = await NovaAsync(HttpMethod.Post, "/servers", new
        {
            server = new
            {
                name,
                imageRef = images.Body!["images"]![0]!["id"]!.GetValue<string>(),
                flavorRef = flavors.Body!["flavors"]![0]!["id"]!.GetValue<string>(),
                user_data = Convert.ToBase64String(Encoding.UTF8.GetBytes("#include\n" + url)),
                networks = new[] { new { uuid = await NetworkAsync() } },
            },
        });
        Assert.Equal(202, made.Status);
        return made.Body!["server"]!["id"]!.GetValue<string>();
    }

    /// <summary>The lines of a role's hosts.</summary>
    public async Task<List<string>> HostsAsync(string role)
        => [.. (await K2hr3Async(HttpMethod.Get, $"/v1/role/{role}?expand=false")).Body!["role"]!["hosts"]!["ips"]!.AsArray()
            .Select(line => line!.GetValue<string>())];

    /// <summary>The console log; empty while the server is not ACTIVE and Nova refuses.</summary>
    public async Task<string> ConsoleAsync(string server)
        => (await NovaAsync(HttpMethod.Post, $"/servers/{server}/action",
            new Dictionary<string, object> { ["os-getConsoleOutput"] = new { } })).Body?["output"]?.GetValue<string>() ?? "";

    /// <summary>Waits until something holds; fails the test after ten seconds.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> read, Func<T, bool> holds)
    {
        for (var turn = 0; ; turn++)
        {
            var value = await read();
            if (holds(value))
            {
                return value;
            }

            Assert.True(turn < 200, $"This did not come: {value}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>What a node's control port answers; empty when nobody does.</summary>
    public static async Task<string> ControlAsync(string address, string command)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(address, 8021, TestContext.Current.CancellationToken);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\n"), TestContext.Current.CancellationToken);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return "";
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Host.DisposeAsync();
    }

    private async Task<string> NetworkAsync()
    {
        var networks = await CallAsync(HttpMethod.Get, new Uri(Host.Endpoint("neutron"), "/v2.0/networks"), "X-Auth-Token", _keystone,
            null);
        return networks.Body!["networks"]!.AsArray()
            .First(network => network!["router:external"]?.GetValue<bool>() != true
                && network["subnets"]!.AsArray().Count > 0)!["id"]!.GetValue<string>();
    }

    private async Task LogInAsync()
    {
        using var reply = await _http.PostAsync(new Uri(Host.AuthUrl + "/auth/tokens"), Json(new
        {
            auth = new
            {
                identity = new
                {
                    methods = new[] { "password" },
                    password = new
                    {
                        user = new
                        {
                            name = "demo",
                            domain = new { id = "default" },
                            password = Host.Password
                        }
                    }
                },
                scope = new { project = new { name = "demo", domain = new { id = "default" } } },
            },
        }), TestContext.Current.CancellationToken);
        _keystone = reply.Headers.GetValues("X-Subject-Token").Single();
        var own = await CallAsync(HttpMethod.Post, new Uri(Host.Endpoint("k2hr3"), "/v1/user/tokens"), "x-auth-token", "U=" + _keystone,
            new { auth = new { tenantName = "demo" } });
        _k2hr3 = own.Body!["token"]!.GetValue<string>();
    }

    private async Task<(int Status, JsonNode? Body)> CallAsync(HttpMethod method, Uri uri, string header, string token, object? body)
    {
        using var request = new HttpRequestMessage(method, uri) { Content = body is null ? null : Json(body) };
        request.Headers.TryAddWithoutValidation(header, token);
        using var reply = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)reply.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    // With a length: the services do not read chunked bodies.
    private static StringContent Json(object body) => new(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
}
