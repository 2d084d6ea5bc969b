using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;

namespace K2hdkcDbaas.OpenStack.Trove;

/// <summary>Trove says 400 or 404 to whatever a create cannot find, and tells what in words.</summary>
internal static class TroveRefusals
{
    public static ServiceException Explain(ServiceException e, DatastoreReference? datastore, string? flavorId,
        IReadOnlyList<DatabaseNic>? nics)
    {
        if (e.Kind is not (ErrorKind.InvalidInput or ErrorKind.NotFound) || e.ServiceMessage is not { } words
            || !words.Contains("cannot be found", StringComparison.OrdinalIgnoreCase)) return e;
        ServiceException NotFound(string id, string what, string? name, string next) =>
            e.Rename(id, ErrorKind.NotFound, $"{what} '{name}' does not exist, or the project may not use it (trove: {words}).", next,
                name);

        if (words.StartsWith("Datastore version", StringComparison.Ordinal))
            return NotFound("DatastoreVersionNotFound", "Datastore version", $"{datastore?.Type} {datastore?.Version}",
                "Choose one of the versions that the datastore has.");
        if (words.StartsWith("Datastore", StringComparison.Ordinal))
            return NotFound("DatastoreNotFound", "Datastore", datastore?.Type, "Ask the cloud's administrator for the k2hdkc datastore.");
        if (words.StartsWith("Network", StringComparison.Ordinal))
            return NotFound("NetworkNotFound", "Network", nics is null ? null : string.Join(", ", nics.Select(n => n.NetworkId)),
                "Get-K2hdkcNetwork lists the networks.");
        return flavorId is not null && words.Contains(flavorId, StringComparison.Ordinal)
            ? NotFound("FlavorNotFound", "Flavor", flavorId, "Get-K2hdkcFlavor lists the flavors.")
            : e;
    }
}
