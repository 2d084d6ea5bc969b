using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack.Wire;

namespace K2hdkcDbaas.OpenStack.Nova;

/// <summary>Nova's servers (/v2.1/servers).</summary>
public sealed class ServersClient
{
    private static readonly string[] OurMembers =
        ["name", "flavorRef", "imageRef", "networks", "user_data", "security_groups", "key_name", "availability_zone", "metadata", "block_device_mapping_v2"];

    private readonly ServiceEndpoint _nova;
    private readonly ComputeVersions _versions;

    internal ServersClient(ServiceEndpoint nova, ComputeVersions versions)
    {
        _nova = nova;
        _versions = versions;
    }

    /// <summary>Asks for a server (202). It is BUILD for a while; whether it can be placed shows in its status only.</summary>
    /// <param name="server">What to make.</param>
    /// <param name="cancellationToken">Ends the request; the server may have been made then.</param>
    /// <exception cref="ServiceException">QuotaExceeded; FlavorNotFound, ImageNotFound, NetworkNotFound, KeyPairNotFound, SecurityGroupNotFound (Nova says 400 to all of them), and the common ones.</exception>
    public async Task<CreatedServer> CreateAsync(NewServer server, CancellationToken cancellationToken)
    {
        var with = await _versions.AtAsync(server.Microversion, cancellationToken).ConfigureAwait(false);
        var body = Body(server);
        try
        {
            return (await _nova.PostAsync("/servers", body, ComputeJson.Default.NewServerRequest, ComputeJson.Default.CreatedServerReply, [HttpStatusCode.Accepted], cancellationToken, with)
                .ConfigureAwait(false)).Server;
        }
        catch (ServiceException e) when (e.Status == HttpStatusCode.BadRequest)
        {
            throw Explain(e, server);
        }
    }

    /// <summary>A server by its id.</summary>
    /// <param name="id">The server's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">NotFound and the common ones.</exception>
    public async Task<Server> GetAsync(string id, CancellationToken cancellationToken) =>
        (await _nova.GetAsync(Path(id), ComputeJson.Default.ServerReply, cancellationToken).ConfigureAwait(false)).Server;

    /// <summary>The project's servers, page by page.</summary>
    /// <param name="filter">Which; null for all.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public async IAsyncEnumerable<Server> ListAsync(ServerFilter? filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = new List<string>();
        // Nova takes the name as a regular expression found anywhere; exactness is ours to see to.
        if (filter?.Name is { } name) query.Add("name=" + Uri.EscapeDataString(Regex.Escape(name)));
        if (filter?.Status is { } status) query.Add("status=" + Uri.EscapeDataString(status));
        var path = "/servers/detail" + (query.Count == 0 ? "" : "?" + string.Join('&', query));
        var all = _nova.ListAsync(path, ComputeJson.Default.ServersReply, p => p.Servers, p => LinkBody.Next(p.ServersLinks), cancellationToken);
        await foreach (var server in all.ConfigureAwait(false))
        {
            if (filter?.Name is null || server.Name == filter.Name) yield return server;
        }
    }

    /// <summary>Asks for a server's deletion (204); it is gone when <see cref="GetAsync"/> says NotFound.</summary>
    /// <param name="id">The server's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>False when there was no such server.</returns>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        var response = await _nova.SendAsync(HttpMethod.Delete, Path(id), [HttpStatusCode.NoContent, HttpStatusCode.NotFound], cancellationToken).ConfigureAwait(false);
        return response.Status == HttpStatusCode.NoContent;
    }

    /// <summary>Starts a stopped server.</summary>
    /// <param name="id">The server's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task StartAsync(string id, CancellationToken cancellationToken) => ActAsync(id, "{\"os-start\":null}", [HttpStatusCode.Accepted], cancellationToken);

    /// <summary>Stops a running server.</summary>
    /// <param name="id">The server's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task StopAsync(string id, CancellationToken cancellationToken) => ActAsync(id, "{\"os-stop\":null}", [HttpStatusCode.Accepted], cancellationToken);

    /// <summary>Restarts a server.</summary>
    /// <param name="id">The server's id.</param>
    /// <param name="hard">Whether to pull the plug.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task RebootAsync(string id, bool hard, CancellationToken cancellationToken) =>
        ActAsync(id, hard ? "{\"reboot\":{\"type\":\"HARD\"}}" : "{\"reboot\":{\"type\":\"SOFT\"}}", [HttpStatusCode.Accepted], cancellationToken);

    /// <summary>The end of a server's console log; may hold secrets of the guest's making.</summary>
    /// <param name="id">The server's id.</param>
    /// <param name="lines">How many lines.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<string> GetConsoleAsync(string id, int lines, CancellationToken cancellationToken)
    {
        var body = "{\"os-getConsoleOutput\":{\"length\":" + lines.ToString(CultureInfo.InvariantCulture) + "}}";
        var response = await ActAsync(id, body, [HttpStatusCode.OK], cancellationToken, repeatIsSafe: true).ConfigureAwait(false);
        return response.Json(ComputeJson.Default.ConsoleReply).Output ?? "";
    }

    /// <summary>Asks for an image of a server's disk (202); the image is <c>queued</c>, <c>saving</c>, then <c>active</c> in Glance.</summary>
    /// <param name="id">The server's id.</param>
    /// <param name="name">The image's name.</param>
    /// <param name="properties">Properties of the image.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The image's id.</returns>
    public async Task<string> CreateImageAsync(string id, string name, IReadOnlyDictionary<string, string> properties, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new CreateImageRequest(new CreateImageBody(name, properties)), ComputeJson.Default.CreateImageRequest);
        var response = await ActAsync(id, Encoding.UTF8.GetString(body), [HttpStatusCode.Accepted], cancellationToken).ConfigureAwait(false);
        // Until microversion 2.45 the id is at the end of Location only.
        if (response.Header("Location") is { Length: > 0 } location) return Uri.UnescapeDataString(location.TrimEnd('/').Split('/')[^1]);
        throw response.Invalid("answered an image request without the image's id", null);
    }

    private Task<ServiceResponse> ActAsync(string id, string json, IReadOnlyList<HttpStatusCode> expected, CancellationToken cancellationToken, bool repeatIsSafe = false) =>
        _nova.SendAsync(HttpMethod.Post, Path(id) + "/action", expected, cancellationToken, r => r with { Body = Encoding.UTF8.GetBytes(json), RepeatIsSafe = repeatIsSafe });

    private static string Path(string id) => "/servers/" + ServiceEndpoint.Segment(id, "server");

    private static NewServerRequest Body(NewServer server)
    {
        if (server.Networks.Count == 0)
            throw new DbaasException(ErrorKind.InvalidInput, "NetworkRequired", $"For server '{server.Name}' no network is given.", "Say which network (name or id) it is plugged into.") { Target = server.Name };
        if (server.Properties?.Keys.FirstOrDefault(OurMembers.Contains) is { } twice)
            throw new DbaasException(ErrorKind.InvalidInput, "PropertyGivenTwice", $"'{twice}' cannot be an extra property of server '{server.Name}'.", "Use the parameter made for it.") { Target = server.Name };

        var body = new NewServerBody
        {
            Name = server.Name,
            FlavorRef = server.FlavorId,
            ImageRef = server.ImageId,
            Networks = server.Networks,
            KeyName = server.KeyName,
            AvailabilityZone = server.AvailabilityZone,
            Metadata = server.Metadata,
            BlockDeviceMappingV2 = server.BlockDeviceMapping,
            UserData = server.UserData is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes(server.UserData)),
            SecurityGroups = server.SecurityGroups is null ? null : [.. server.SecurityGroups.Select(n => new NamedReference(n))],
            More = server.Properties?.ToDictionary(),
        };
        return new NewServerRequest(body) { SchedulerHints = server.SchedulerHints };
    }

    // Nova answers 400 to whatever it cannot find; its words tell what.
    private static ServiceException Explain(ServiceException e, NewServer server)
    {
        var words = e.ServiceMessage ?? "";
        bool Says(string text) => words.Contains(text, StringComparison.OrdinalIgnoreCase);
        ServiceException NotFound(string id, string what, string? name, string next) =>
            e.Rename(id, ErrorKind.NotFound, $"{what} '{name}' for server '{server.Name}' does not exist, or the project may not use it (nova: {words}).", next, name);

        return words switch
        {
            _ when Says("flavor") && Says("could not be found") => NotFound("FlavorNotFound", "Flavor", server.FlavorId, "Get-K2hdkcFlavor lists the flavors."),
            _ when Says("requested image") || (Says("image") && Says("could not be found")) => NotFound("ImageNotFound", "Image", server.ImageId, "Get-K2hdkcImage lists the images."),
            _ when Says("key_name") => NotFound("KeyPairNotFound", "Key pair", server.KeyName, "Get-K2hdkcKeyPair lists the key pairs."),
            _ when Says("security_group") || (Says("security group") && Says("not found")) =>
                NotFound("SecurityGroupNotFound", "Security group", server.SecurityGroups is null ? null : string.Join(", ", server.SecurityGroups), "Get-K2hdkcSecurityGroup lists the security groups."),
            _ when Says("network") && Says("could not be found") =>
                NotFound("NetworkNotFound", "Network", string.Join(", ", server.Networks.Select(n => n.NetworkId ?? n.PortId)), "Get-K2hdkcNetwork lists the networks."),
            _ => e,
        };
    }
}
