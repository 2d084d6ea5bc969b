using System.Globalization;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using Refit;

namespace K2hdkcDbaas.OpenStack.Nova;

/// <summary>Nova 2.1.</summary>
public sealed class ComputeClient
{
    internal ComputeClient(HttpClient way)
    {
        var versions = new ComputeVersions(HttpConnection.Service<IComputeVersions>(way, ComputeJson.Bodies));
        Servers = new ServersClient(HttpConnection.Service<IServers>(way, ComputeJson.Bodies), versions);
        Flavors = HttpConnection.Service<IFlavors>(way, ComputeJson.Bodies);
        KeyPairs = HttpConnection.Service<IKeyPairs>(way, ComputeJson.Bodies);
        AvailabilityZones = HttpConnection.Service<IAvailabilityZones>(way, ComputeJson.Bodies);
        Limits = HttpConnection.Service<IComputeLimits>(way, ComputeJson.Bodies);
    }

    /// <summary>Virtual machines.</summary>
    public ServersClient Servers { get; }

    /// <summary>Sizes of virtual machines.</summary>
    internal IFlavors Flavors { get; }

    /// <summary>SSH keys.</summary>
    internal IKeyPairs KeyPairs { get; }

    /// <summary>Where virtual machines can be placed.</summary>
    internal IAvailabilityZones AvailabilityZones { get; }

    /// <summary>The project's limits and what it uses.</summary>
    internal IComputeLimits Limits { get; }
}

/// <summary>Nova's versions (Compute API reference, "API versions").</summary>
internal interface IComputeVersions
{
    /// <summary>The version at the service's address, with its highest microversion.</summary>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/")]
    Task<ComputeVersionBody> GetAsync(CancellationToken cancellationToken);
}

/// <summary>
/// Nova's microversions. Calls go as 2.1, which every Nova knows, unless they need more; only then Nova is asked, once, what it can.
/// </summary>
internal sealed class ComputeVersions(IComputeVersions nova)
{
    private (int Major, int Minor)? _max;

    /// <summary>The header of a microversion, after asking whether Nova has it; null leaves it at 2.1.</summary>
    public async Task<string?> HeaderAsync(string? microversion, CancellationToken cancellationToken)
    {
        if (microversion is null or "2.1") return null;
        var wanted = Parse(microversion)
            ?? throw new DbaasException(ErrorKind.InvalidInput, "InvalidMicroversion", $"'{microversion}' is not a Nova microversion.",
                "Give it as 2.N.");
        var max = _max ??= await AskAsync(cancellationToken).ConfigureAwait(false);
        if (wanted.CompareTo(max) > 0)
            throw new ServiceException(ErrorKind.NotSupported, ServiceErrorIds.NotSupported,
                $"nova offers microversions up to {max.Major}.{max.Minor}, and the request needs {microversion}.",
                "Leave out the newer property, or ask for an upgrade.")
            { Service = "nova" };
        return "compute " + microversion;
    }

    private async Task<(int Major, int Minor)> AskAsync(CancellationToken cancellationToken) =>
        Parse((await nova.GetAsync(cancellationToken).ConfigureAwait(false)).Version) ?? (2, 1);

    private static (int Major, int Minor)? Parse(string text) =>
        text.Split('.') is [var major, var minor] && int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var a)
            && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var b)
            ? (a, b)
            : null;
}
