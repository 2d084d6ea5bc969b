using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.K2hr3;

namespace K2hdkcDbaas.Core.Sessions;

/// <summary>
/// A connection to one project of a cloud and its K2HR3. Its properties hold no secret. Tokens are renewed as long as it lives; several
/// sessions live side by side, and one may be used from several threads.
/// </summary>
public interface IDbaasSession : IAsyncDisposable
{
    /// <summary>Its name, to tell it from others; given anew by who keeps several of one name.</summary>
    string Name { get; set; }

    /// <summary>The cloud's name in clouds.yaml; null without one.</summary>
    string? Cloud { get; }

    /// <summary>Keystone's URL; null for a session with K2HR3 alone.</summary>
    Uri? AuthUrl { get; }

    /// <summary>The project's name.</summary>
    string? Project { get; }

    /// <summary>The project's id.</summary>
    string? ProjectId { get; }

    /// <summary>The user's name.</summary>
    string? User { get; }

    /// <summary>The region; null for the catalog's first.</summary>
    string? Region { get; }

    /// <summary>The regions of the cloud's catalogue; none without a cloud.</summary>
    IReadOnlyList<string> Regions { get; }

    /// <summary>
    /// How it logged in: <c>Password</c>, <c>ApplicationCredential</c>, <c>Token</c>, <c>K2hr3</c> for K2HR3 alone, or an engine's own way.
    /// </summary>
    string Authentication { get; }

    /// <summary>The engine that runs clusters where a call does not say, by its name, such as <c>Nova</c>.</summary>
    string Backend { get; }

    /// <summary>The engines that this session knows, the registered ones as a rule.</summary>
    IReadOnlyList<IClusterBackendProvider> Providers { get; }

    /// <summary>K2HR3's REST API; null when none is known.</summary>
    Uri? K2hr3Uri { get; }

    /// <summary>The K2HR3 tenant.</summary>
    string? Tenant { get; }

    /// <summary>Whether it has been disposed; what needs the services ends with <c>SessionClosed</c> then.</summary>
    bool IsClosed { get; }

    /// <summary>Does nothing while the session is open.</summary>
    /// <exception cref="Errors.DbaasException"><c>SessionClosed</c>.</exception>
    void NeedOpen();

    /// <summary>When the present Keystone token ends, in UTC; a new one is fetched before that. Null without one.</summary>
    DateTimeOffset? ExpiresAt { get; }

    /// <summary>The session's default back end.</summary>
    IClusterBackend Clusters { get; }

    /// <summary>A back end of this session.</summary>
    /// <param name="name">The engine's name or another word for it; null for the session's default.</param>
    /// <exception cref="Errors.DbaasException">There is no such engine, or the session lacks what it needs.</exception>
    IClusterBackend GetBackend(string? name);

    /// <summary>
    /// A feature that not every back end has: of the named one alone, or without a name of the session's default one or, where that does
    /// not have it, of the first other one of the session that does.
    /// </summary>
    /// <typeparam name="T">The feature's interface, such as <see cref="IBackupBackend"/>.</typeparam>
    /// <param name="backend">The engine's name or another word for it; null for any.</param>
    /// <exception cref="Errors.DbaasException"><c>BackendNotSupported</c>, with the engines that have it.</exception>
    T Feature<T>(string? backend = null)
        where T : class;

    /// <summary>
    /// K2HR3 itself, for what clusters do not cover: resources, policies, roles, services, tenants. Made when first asked for.
    /// </summary>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<K2hr3Client> GetK2hr3Async(CancellationToken cancellationToken);
}
