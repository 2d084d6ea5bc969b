using System.Globalization;
using System.Net;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack.Wire;

namespace K2hdkcDbaas.OpenStack.Nova;

/// <summary>Nova 2.1.</summary>
public sealed class ComputeClient
{
    internal ComputeClient(ServiceEndpoint nova)
    {
        var versions = new ComputeVersions(nova);
        Servers = new ServersClient(nova, versions);
        Flavors = new FlavorsClient(nova);
        KeyPairs = new KeyPairsClient(nova);
        AvailabilityZones = new AvailabilityZonesClient(nova);
        Limits = new ComputeLimitsClient(nova);
    }

    /// <summary>Virtual machines.</summary>
    public ServersClient Servers { get; }

    /// <summary>Sizes of virtual machines.</summary>
    public FlavorsClient Flavors { get; }

    /// <summary>SSH keys.</summary>
    public KeyPairsClient KeyPairs { get; }

    /// <summary>Where virtual machines can be placed.</summary>
    public AvailabilityZonesClient AvailabilityZones { get; }

    /// <summary>The project's limits and what it uses.</summary>
    public ComputeLimitsClient Limits { get; }
}

/// <summary>
/// Nova's microversions. Calls go as 2.1, which every Nova knows, unless they need more; only then Nova is asked, once, what it can.
/// </summary>
internal sealed class ComputeVersions(ServiceEndpoint nova)
{
    private (int Major, int Minor)? _max;

    /// <summary>Adds the header of a microversion to a request, after asking whether Nova has it; null leaves it at 2.1.</summary>
    public async Task<Func<ServiceRequest, ServiceRequest>?> AtAsync(string? microversion, CancellationToken cancellationToken)
    {
        if (microversion is null or "2.1") return null;
        var wanted = Parse(microversion) ?? throw new DbaasException(ErrorKind.InvalidInput, "InvalidMicroversion", $"'{microversion}' is no Nova microversion.", "Give it as 2.N.");
        var max = _max ??= await AskAsync(cancellationToken).ConfigureAwait(false);
        if (wanted.CompareTo(max) > 0)
            throw new ServiceException(ErrorKind.NotSupported, ServiceErrorIds.NotSupported, $"nova offers microversions up to {max.Major}.{max.Minor}, and the request needs {microversion}.",
                "Leave out the newer property, or ask for an upgrade.")
            { Service = "nova" };
        return r => r with { Headers = [.. r.Headers, new("OpenStack-API-Version", "compute " + microversion)] };
    }

    private async Task<(int Major, int Minor)> AskAsync(CancellationToken cancellationToken)
    {
        var response = await nova.SendAsync(HttpMethod.Get, "/", [HttpStatusCode.OK], cancellationToken).ConfigureAwait(false);
        return Parse(response.Json(ComputeJson.Default.ComputeVersionReply).Version.Version) ?? (2, 1);
    }

    private static (int Major, int Minor)? Parse(string text) =>
        text.Split('.') is [var major, var minor] && int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var a) && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var b)
            ? (a, b)
            : null;
}
