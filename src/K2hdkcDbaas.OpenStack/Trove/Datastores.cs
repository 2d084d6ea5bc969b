using Refit;

namespace K2hdkcDbaas.OpenStack.Trove;

/// <summary>A kind of database.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name, such as <c>k2hdkc</c>.</param>
public sealed record Datastore(string Id, string Name)
{
    /// <summary>The id of the version taken when none is named.</summary>
    public string? DefaultVersion { get; init; }

    /// <summary>Its versions.</summary>
    public IReadOnlyList<DatastoreVersion> Versions { get; init; } = [];
}

/// <summary>Trove's datastores (Database API reference, "Datastores").</summary>
internal interface IDatastores
{
    /// <summary>All datastores with their versions.</summary>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/datastores")]
    Task<IReadOnlyList<Datastore>> ListAsync(CancellationToken cancellationToken);

    /// <summary>What a configuration group of a version may hold.</summary>
    /// <param name="datastore">The datastore's name or id.</param>
    /// <param name="version">The version's name or id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/datastores/{datastore}/versions/{version}/parameters")]
    Task<IReadOnlyList<DatabaseParameter>> ListParametersAsync(string datastore, string version, CancellationToken cancellationToken);
}
