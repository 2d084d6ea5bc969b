using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack.Wire;
using Refit;

namespace K2hdkcDbaas.OpenStack.Nova;

/// <summary>Nova's servers (Compute API reference, "Servers" and "Servers - run an action").</summary>
internal interface IServers
{
    /// <summary>A page of the project's servers.</summary>
    /// <param name="name">A regular expression found anywhere in the name; null for all.</param>
    /// <param name="status">The status, such as ACTIVE; null for all.</param>
    /// <param name="marker">The id of the last server of the page before; null for the first page.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/servers/detail")]
    Task<ServersReply> ListPageAsync([Query] string? name, [Query] string? status, [Query] string? marker,
        CancellationToken cancellationToken);

    /// <summary>A server by its id.</summary>
    /// <param name="id">The server's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/servers/{id}")]
    Task<Server> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>Asks for a server.</summary>
    /// <param name="server">What to make.</param>
    /// <param name="version">The microversion's header; null for 2.1.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Post("/servers"), Headers(Call.Expect + "202")]
    Task<CreatedServer> PostAsync([Body] NewServerRequest server, [Header("OpenStack-API-Version")] string? version,
        CancellationToken cancellationToken);

    /// <summary>Asks for a server's deletion.</summary>
    /// <param name="id">The server's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Delete("/servers/{id}"), Headers(Call.Expect + "204")]
    Task DeleteAsync(string id, CancellationToken cancellationToken);

    /// <summary>Runs an action.</summary>
    /// <param name="id">The server's id.</param>
    /// <param name="action">The action and its arguments.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Post("/servers/{id}/action"), Headers(Call.Expect + "202")]
    Task ActAsync(string id, [Body] JsonElement action, CancellationToken cancellationToken);

    /// <summary>The end of a server's console log: an action that only looks.</summary>
    /// <param name="id">The server's id.</param>
    /// <param name="action">The action, <c>os-getConsoleOutput</c>.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Post("/servers/{id}/action"), Headers(Call.Repeatable)]
    Task<ConsoleReply> GetConsoleAsync(string id, [Body] JsonElement action, CancellationToken cancellationToken);

    /// <summary>Asks for an image of a server's disk. Until microversion 2.45 the image's id is at the end of Location only.</summary>
    /// <param name="id">The server's id.</param>
    /// <param name="image">The image's name and properties.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Post("/servers/{id}/action"), Headers(Call.Expect + "202")]
    Task<HttpResponseMessage> CreateImageAsync(string id, [Body] CreateImageBody image, CancellationToken cancellationToken);
}

/// <summary>
/// Nova's servers, with what its API leaves to the caller: microversions, exact names, and which of a request's names is unknown.
/// </summary>
public sealed class ServersClient
{
    private static readonly string[] OurMembers =
        ["name", "flavorRef", "imageRef", "networks", "user_data", "security_groups", "key_name", "availability_zone", "metadata",
            "block_device_mapping_v2"];

    private readonly IServers _servers;
    private readonly ComputeVersions _versions;

    internal ServersClient(IServers servers, ComputeVersions versions)
    {
        _servers = servers;
        _versions = versions;
    }

    /// <summary>Asks for a server (202). It is BUILD for a while; whether it can be placed shows in its status only.</summary>
    /// <param name="server">What to make.</param>
    /// <param name="cancellationToken">Ends the request; the server may have been made then.</param>
    /// <exception cref="ServiceException">QuotaExceeded; FlavorNotFound, ImageNotFound, NetworkNotFound, KeyPairNotFound,
    /// SecurityGroupNotFound (Nova says 400 to all of them), and the common ones.</exception>
    public async Task<CreatedServer> CreateAsync(NewServer server, CancellationToken cancellationToken)
    {
        var version = await _versions.HeaderAsync(server.Microversion, cancellationToken).ConfigureAwait(false);
        var body = Body(server);
        try
        {
            return await _servers.PostAsync(body, version, cancellationToken).ConfigureAwait(false);
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
    public Task<Server> GetAsync(string id, CancellationToken cancellationToken) => _servers.GetAsync(id, cancellationToken);

    /// <summary>The project's servers, page by page.</summary>
    /// <param name="filter">Which; null for all.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public IAsyncEnumerable<Server> ListAsync(ServerFilter? filter, CancellationToken cancellationToken)
    {
        // Nova takes the name as a regular expression found anywhere; exactness is ours to see to.
        var pattern = filter?.Name is { } name ? Regex.Escape(name) : null;
        return Pages.AllAsync("nova", (marker, ct) => _servers.ListPageAsync(pattern, filter?.Status, marker, ct),
                p => p.Servers, p => LinkBody.Next(p.ServersLinks), cancellationToken)
            .Where(s => filter?.Name is null || s.Name == filter.Name);
    }

    /// <summary>Asks for a server's deletion (204); it is gone when <see cref="GetAsync"/> says NotFound.</summary>
    /// <param name="id">The server's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>False when there was no such server.</returns>
    public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) =>
        Pages.WasThereAsync(_servers.DeleteAsync(id, cancellationToken));

    /// <summary>Starts a stopped server.</summary>
    /// <param name="id">The server's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task StartAsync(string id, CancellationToken cancellationToken) =>
        _servers.ActAsync(id, JsonElement.Parse("""{"os-start":null}"""), cancellationToken);

    /// <summary>Stops a running server.</summary>
    /// <param name="id">The server's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task StopAsync(string id, CancellationToken cancellationToken) =>
        _servers.ActAsync(id, JsonElement.Parse("""{"os-stop":null}"""), cancellationToken);

    /// <summary>Restarts a server.</summary>
    /// <param name="id">The server's id.</param>
    /// <param name="hard">Whether to pull the plug.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task RebootAsync(string id, bool hard, CancellationToken cancellationToken) =>
        _servers.ActAsync(id, JsonElement.Parse(hard ? """{"reboot":{"type":"HARD"}}""" : """{"reboot":{"type":"SOFT"}}"""),
            cancellationToken);

    /// <summary>The end of a server's console log; may hold secrets of the guest's making.</summary>
    /// <param name="id">The server's id.</param>
    /// <param name="lines">How many lines.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<string> GetConsoleAsync(string id, int lines, CancellationToken cancellationToken)
    {
        var action = JsonElement.Parse("{\"os-getConsoleOutput\":{\"length\":" + lines.ToString(CultureInfo.InvariantCulture) + "}}");
        return (await _servers.GetConsoleAsync(id, action, cancellationToken).ConfigureAwait(false)).Output ?? "";
    }

    /// <summary>
    /// Asks for an image of a server's disk (202); the image is <c>queued</c>, <c>saving</c>, then <c>active</c> in Glance.
    /// </summary>
    /// <param name="id">The server's id.</param>
    /// <param name="name">The image's name.</param>
    /// <param name="properties">Properties of the image.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The image's id.</returns>
    public async Task<string> CreateImageAsync(string id, string name, IReadOnlyDictionary<string, string> properties,
        CancellationToken cancellationToken)
    {
        using var answer =
            await _servers.CreateImageAsync(id, new CreateImageBody(name, properties), cancellationToken).ConfigureAwait(false);
        if (answer.Headers.TryGetValues("Location", out var location))
            return Uri.UnescapeDataString(location.First().TrimEnd('/').Split('/')[^1]);
        throw ServiceCall.Unusable(answer, "answered an image request without the image's id");
    }

    private static NewServerRequest Body(NewServer server)
    {
        if (server.Networks.Count == 0)
            throw new DbaasException(ErrorKind.InvalidInput, "NetworkRequired", $"For server '{server.Name}' no network is given.",
                "Say which network (name or id) it is plugged into.")
            { Target = server.Name };
        if (server.Properties?.Keys.FirstOrDefault(OurMembers.Contains) is { } twice)
            throw new DbaasException(ErrorKind.InvalidInput, "PropertyGivenTwice",
                $"'{twice}' cannot be an extra property of server '{server.Name}'.",
                "Use the parameter made for it.")
            { Target = server.Name };

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
            e.Rename(id, ErrorKind.NotFound,
                $"{what} '{name}' for server '{server.Name}' does not exist, or the project may not use it (nova: {words}).", next, name);

        return words switch
        {
            _ when Says("flavor") && Says("could not be found") =>
                NotFound("FlavorNotFound", "Flavor", server.FlavorId, "Get-K2hdkcFlavor lists the flavors."),
            _ when Says("requested image") || (Says("image") && Says("could not be found")) =>
                NotFound("ImageNotFound", "Image", server.ImageId, "Get-K2hdkcImage lists the images."),
            _ when Says("key_name") => NotFound("KeyPairNotFound", "Key pair", server.KeyName, "Get-K2hdkcKeyPair lists the key pairs."),
            _ when Says("security_group") || (Says("security group") && Says("not found")) =>
                NotFound("SecurityGroupNotFound", "Security group",
                    server.SecurityGroups is null ? null : string.Join(", ", server.SecurityGroups),
                    "Get-K2hdkcSecurityGroup lists the security groups."),
            _ when Says("network") && Says("could not be found") =>
                NotFound("NetworkNotFound", "Network", string.Join(", ", server.Networks.Select(n => n.NetworkId ?? n.PortId)),
                    "Get-K2hdkcNetwork lists the networks."),
            _ => e,
        };
    }
}
