using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Configuration;

namespace K2hdkcDbaas.OpenStackLife.Tests;

/// <summary>
/// Does in place of the guests what they would do when they boot, since Nova's fake hypervisor boots none: reads the user data that Nova
/// was given, fetches what it includes as cloud-init does, and registers with the role token found there, from the server's address.
/// </summary>
public sealed partial class GuestPlayer : IAsyncDisposable
{
    private readonly HttpClient _http = new(new HttpClientHandler { UseProxy = false });
    private readonly CancellationTokenSource _end = new();
    private readonly OpenStackConnection _admin;
    private readonly string _prefix;
    private readonly Task _playing;

    public GuestPlayer(CloudSettings admin, string prefix)
    {
        _admin = new OpenStackConnection(admin);
        _prefix = prefix;
        _playing = PlayAsync(_end.Token);
    }

    /// <summary>Names of the servers whose guests have registered.</summary>
    public ConcurrentQueue<string> Registered { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        try
        {
            await _playing;
        }
        catch (OperationCanceledException)
        {
            // Told to.
        }
        finally
        {
            _admin.Dispose();
            _http.Dispose();
            _end.Dispose();
        }
    }

    [GeneratedRegex(@"yrn:yahoo:[^\s""']*:role:[^\s""']+")]
    private static partial Regex Role { get; }

    [GeneratedRegex("(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")]
    private static partial Regex RoleToken { get; }

    private async Task PlayAsync(CancellationToken ct)
    {
        var done = new HashSet<string>();
        while (true)
        {
            var token = await _admin.AuthenticateAsync(ct);
            using var ask =
                new HttpRequestMessage(
                    HttpMethod.Get, token.Catalog.Find("compute", "public", null).AbsoluteUri.TrimEnd('/')
                        + "/servers/detail?all_tenants=1&name=" + _prefix);
            ask.Headers.Add("X-Auth-Token", token.Value);
            // Shows user data to administrators.
            ask.Headers.Add("OpenStack-API-Version", "compute 2.3");
            using var answer = await _http.SendAsync(ask, ct);
            var servers = JsonNode.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(ct))!["servers"]!.AsArray();
            foreach (var server in servers.Where(s => s!["status"]!.GetValue<string>() == "ACTIVE"))
            {
                var id = server!["id"]!.GetValue<string>();
                if (server["addresses"]!.AsObject().FirstOrDefault().Value?[0]?["addr"]?.GetValue<string>() is not { } address
                    || !done.Add(id)) continue;
                var name = server["name"]!.GetValue<string>();
                await RegisterAsync(id, name, address,
                    Encoding.UTF8.GetString(Convert.FromBase64String(server["OS-EXT-SRV-ATTR:user_data"]!.GetValue<string>())), ct);
                Registered.Enqueue(name);
            }
            await Task.Delay(TimeSpan.FromSeconds(0.5), ct);
        }
    }

    private async Task RegisterAsync(string id, string name, string address, string userData, CancellationToken ct)
    {
        var lines = userData.Split('\n');
        Assert.Equal("#include", lines[0]);
        using var fetch = new HttpRequestMessage(HttpMethod.Get, lines[1]);
        fetch.Headers.Add("User-Agent", "Cloud-Init/22.4.2");
        fetch.Headers.Add("X-Forwarded-For", address);
        using var fetched = await _http.SendAsync(fetch, ct);
        var script = Text(await fetched.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(ct));

        var api = lines[1][..lines[1].IndexOf("/v1/", StringComparison.Ordinal)];
        using var register =
            new HttpRequestMessage(HttpMethod.Put,
                $"{api}/v1/role/{Role.Match(script).Value}?cuk={id}&extra=openstack-auto-v1&tag={name}.novalocal");
        register.Headers.Add("x-auth-token", "R=" + RoleToken.Match(script).Value);
        register.Headers.Add("X-Forwarded-For", address);
        using var registered = await _http.SendAsync(register, ct);
        registered.EnsureSuccessStatusCode();
    }

    private static string Text(byte[] body)
    {
        if (body is not [0x1f, 0x8b, ..]) return Encoding.UTF8.GetString(body);
        using var reader = new StreamReader(new GZipStream(new MemoryStream(body), CompressionMode.Decompress), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
