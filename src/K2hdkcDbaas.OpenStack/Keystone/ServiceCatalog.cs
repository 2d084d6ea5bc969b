using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack.Wire;

namespace K2hdkcDbaas.OpenStack.Keystone;

/// <summary>The endpoints that Keystone told with the token.</summary>
public sealed class ServiceCatalog
{
    private readonly IReadOnlyList<CatalogBody> _services;

    internal ServiceCatalog(IReadOnlyList<CatalogBody> services) => _services = services;

    /// <summary>The service types in it.</summary>
    public IEnumerable<string> ServiceTypes => _services.Select(s => s.Type).OfType<string>().Distinct();

    /// <summary>The regions in it.</summary>
    public IEnumerable<string> Regions =>
        _services.SelectMany(s => s.Endpoints ?? []).Select(RegionOf).OfType<string>().Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);

    /// <summary>Finds a service's address.</summary>
    /// <param name="serviceType">The official type, such as <c>compute</c>.</param>
    /// <param name="interface"><c>public</c>, <c>internal</c> or <c>admin</c>.</param>
    /// <param name="region">The region; null when there is only one.</param>
    /// <exception cref="DbaasException">No such service, none in that region or interface, or several regions and none chosen.</exception>
    public Uri Find(string serviceType, string @interface, string? region) => Find(serviceType, @interface, region, null);

    /// <summary>Refuses a region that no service is in.</summary>
    /// <param name="region">The region.</param>
    /// <exception cref="DbaasException">RegionNotFound.</exception>
    public void RequireRegion(string region)
    {
        var known = Regions.ToList();
        if (known.Count > 0 && !known.Contains(region))
            throw Missing("RegionNotFound", $"The cloud has no region '{region}'; its catalogue has: {List(known)}.",
                "Choose one of these regions.", region);
    }

    /// <summary>Finds a service's address, of several the one in the version that is spoken.</summary>
    /// <param name="serviceType">The official type, such as <c>compute</c>.</param>
    /// <param name="interface"><c>public</c>, <c>internal</c> or <c>admin</c>.</param>
    /// <param name="region">The region; null when there is only one.</param>
    /// <param name="version">The version that is spoken, such as <c>v2.1</c>; null for any.</param>
    internal Uri Find(string serviceType, string @interface, string? region, string? version)
    {
        var ofType = _services.Where(s => string.Equals(s.Type, serviceType, StringComparison.OrdinalIgnoreCase))
            .SelectMany(s => s.Endpoints ?? [])
            .Where(e => e.Url is not null && string.Equals(e.Interface, @interface, StringComparison.OrdinalIgnoreCase)).ToList();
        if (ofType.Count == 0)
            throw Missing("ServiceNotInCatalog",
                $"The cloud has no {@interface} endpoint of type '{serviceType}'; it has: {List(ServiceTypes)}.",
                $"Ask for the service, or give its address as {serviceType}_endpoint_override in clouds.yaml.", serviceType);

        var inRegion = region is null ? ofType : [.. ofType.Where(e => string.Equals(RegionOf(e), region, StringComparison.Ordinal))];
        if (inRegion.Count == 0)
            throw Missing("RegionNotFound",
                $"Region '{region}' has no {serviceType} service; regions that have one: {List(ofType.Select(RegionOf).OfType<string>())}.",
                "Choose one of these regions.", region);

        if (inRegion.Select(RegionOf).Distinct(StringComparer.Ordinal).Count() > 1)
            throw new DbaasException(ErrorKind.InvalidInput, "RegionRequired",
                $"The cloud has {serviceType} in several regions ({List(inRegion.Select(RegionOf).OfType<string>())}) and none is chosen.",
                "Set the region (region_name in clouds.yaml, OS_REGION_NAME, or the parameter).");

        var best = inRegion.OrderBy(
            e => version is null ? 0 : ServiceAddresses.VersionIn(e.Url!) is not { } has ? 1 : has == version ? 0 : 2).First();
        return Uri.TryCreate(best.Url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri!
            : throw new DbaasException(ErrorKind.InvalidResponse, "CatalogUnusable",
                $"Keystone's catalog has '{ServiceAddress.Shown(best.Url!)}' as the address of {serviceType}, which cannot be one.",
                $"Tell the cloud's administrator, or give {serviceType}_endpoint_override in clouds.yaml.");
    }

    private static string? RegionOf(EndpointBody endpoint) => endpoint.RegionId ?? endpoint.Region;

    private static string List(IEnumerable<string> names) =>
        string.Join(", ", names.Distinct().Order(StringComparer.Ordinal)) is { Length: > 0 } some ? some : "(none)";

    private static DbaasException Missing(string errorId, string message, string nextStep, object? target) =>
        new(ErrorKind.NotFound, errorId, message, nextStep) { Service = "keystone", Target = target };
}
