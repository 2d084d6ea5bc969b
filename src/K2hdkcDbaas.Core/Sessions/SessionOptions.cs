namespace K2hdkcDbaas.Core.Sessions;

/// <summary>
/// Who connects, and to what. What is null comes from the named cloud of clouds.yaml, then from the <c>OS_*</c> and
/// <c>K2HR3CLI_*</c> variables, then from the K2HR3 CLI's own file. Holds secrets: it is no record, so that it never prints itself.
/// </summary>
public sealed class SessionOptions
{
    /// <summary>The session's name; null for the cloud's.</summary>
    public string? Name { get; init; }

    /// <summary>The cloud in clouds.yaml; null for <c>OS_CLOUD</c>, or for no file at all when <see cref="AuthUrl"/> is given.</summary>
    public string? Cloud { get; init; }

    /// <summary>The clouds.yaml to read instead of the search path's.</summary>
    public string? CloudsFile { get; init; }

    /// <summary>Keystone's v3 URL.</summary>
    public string? AuthUrl { get; init; }

    /// <summary>The user's name.</summary>
    public string? UserName { get; init; }

    /// <summary>The user's password.</summary>
    public string? Password { get; init; }

    /// <summary>The user's domain, by name or id.</summary>
    public string? UserDomain { get; init; }

    /// <summary>The project, by name or id.</summary>
    public string? Project { get; init; }

    /// <summary>The project's domain, by name or id.</summary>
    public string? ProjectDomain { get; init; }

    /// <summary>An application credential, by id or (with <see cref="UserName"/>) by name.</summary>
    public string? ApplicationCredential { get; init; }

    /// <summary>The application credential's secret.</summary>
    public string? ApplicationCredentialSecret { get; init; }

    /// <summary>A ready Keystone token.</summary>
    public string? Token { get; init; }

    /// <summary>The region.</summary>
    public string? Region { get; init; }

    /// <summary>Which endpoints: <c>public</c>, <c>internal</c> or <c>admin</c>.</summary>
    public string? Interface { get; init; }

    /// <summary>A PEM file of certificate authorities to trust.</summary>
    public string? CaFile { get; init; }

    /// <summary>Whether certificates are checked; null as the cloud says, else true.</summary>
    public bool? VerifyTls { get; init; }

    /// <summary>
    /// The engine that runs clusters where a call does not say, by its name or another word for it; null for the first one registered.
    /// </summary>
    public string? Backend { get; init; }

    /// <summary>
    /// What is meant for engines alone, by the names of their parameters with <see cref="Backends.ParameterUses.Connect"/>; case does not
    /// matter.
    /// </summary>
    public IReadOnlyDictionary<string, object?> Settings { get; init; } = new Dictionary<string, object?>();

    /// <summary>K2HR3's REST API, such as <c>https://k2hr3.example:443</c>; a <c>/v1</c> at its end is cut.</summary>
    public string? K2hr3Uri { get; init; }

    /// <summary>A PEM file of the certificate authorities to trust with K2HR3, where they are not those of the cloud.</summary>
    public string? K2hr3CaFile { get; init; }

    /// <summary>
    /// K2HR3's own user, where the cloud's token does not do (application credentials) or the cloud is not its source of users.
    /// </summary>
    public string? K2hr3UserName { get; init; }

    /// <summary>K2HR3's own password.</summary>
    public string? K2hr3Password { get; init; }

    /// <summary>A ready K2HR3 user token, scoped or not.</summary>
    public string? K2hr3Token { get; init; }

    /// <summary>The K2HR3 tenant; null for the project's name.</summary>
    public string? Tenant { get; init; }

    /// <summary>The K2HR3 CLI's configuration file to read instead of those it looks for.</summary>
    public string? K2hr3ConfigFile { get; init; }

    /// <summary>How long one request may take; null for 60 s.</summary>
    public TimeSpan? RequestTimeout { get; init; }

    /// <summary>Where relative paths start and clouds.yaml is looked for first; null for the process's own folder.</summary>
    public string? CurrentFolder { get; init; }
}
