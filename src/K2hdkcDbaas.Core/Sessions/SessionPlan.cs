using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.OpenStack.Configuration;

namespace K2hdkcDbaas.Core.Sessions;

/// <summary>Where settings are looked for; given, so that tests need no real home.</summary>
/// <param name="Cloud">Where the cloud's settings are looked for.</param>
/// <param name="Etc">The machine's settings folder.</param>
internal sealed record SessionEnvironment(CloudEnvironment Cloud, string Etc)
{
    /// <summary>That of this process.</summary>
    public static SessionEnvironment Current => new(CloudEnvironment.Current(), "/etc");
}

/// <summary>
/// A session's settings, gathered from options, files and variables. Holds secrets: it is no record, so that it never prints itself.
/// </summary>
internal sealed class SessionPlan
{
    private SessionPlan()
    {
    }

    public required string Name { get; init; }

    /// <summary>The cloud; null for K2HR3 alone.</summary>
    public CloudSettings? Cloud { get; private init; }

    /// <summary>The engine where a call does not say.</summary>
    public required IClusterBackendProvider Backend { get; init; }

    public Uri? K2hr3Uri { get; private init; }

    public string? Tenant { get; private init; }

    /// <summary>How K2HR3 is spoken to: as the cloud is, with a trust of its own where one is given.</summary>
    public required HttpSettings K2hr3Http { get; init; }

    /// <summary>K2HR3's own credential; null when the cloud's token is to be used.</summary>
    public K2hr3Credential? K2hr3Credential { get; private init; }

    /// <summary>Gathers the settings; sends nothing.</summary>
    /// <param name="options">What the caller says.</param>
    /// <param name="environment">Where the rest is looked for.</param>
    /// <param name="providers">The engines to choose from.</param>
    /// <param name="verbose">Told of files that are passed over.</param>
    /// <exception cref="DbaasException">Something is unreadable, contradictory or missing.</exception>
    public static SessionPlan Make(SessionOptions options, SessionEnvironment environment, IReadOnlyList<IClusterBackendProvider> providers,
        Action<string> verbose)
    {
        var backend = BackendSet.Named(providers, options.Backend);
        string? Variable(string name) => environment.Cloud.Get(name);
        var cli = K2hr3CliSettings.Load(options.K2hr3ConfigFile is { } file ? environment.Cloud.Whole(file) : null,
            environment.Cloud.Variable, environment.Cloud.HomeFolder, environment.Etc, verbose);
        var said = options.K2hr3Uri ?? Variable("K2HDKC_K2HR3_URI");
        var tenant = options.Tenant ?? Variable("K2HDKC_K2HR3_TENANT");
        var namesCloud = options.Cloud ?? options.CloudsFile ?? options.AuthUrl ?? options.Token ?? options.ApplicationCredential
            ?? options.UserName;
        // Variables stand for a cloud only where the engine needs one: a person with kubectl at hand may have them set, too.
        if (backend.NeedsCloud) namesCloud ??= Variable("OS_CLOUD") ?? Variable("OS_AUTH_URL");
        if (namesCloud is null && !backend.NeedsCloud)
            tenant ??= backend.FindTenant(options.Settings, environment.Cloud.Variable, environment.Cloud.HomeFolder);
        var own = OwnCredential(options, Variable, tenant);
        var cloud = namesCloud is null && (own is not null || !backend.NeedsCloud)
            ? null
            : CloudOf(options, namesCloud is null, cli, environment);
        // The cloud's own entry says it as data: k2hdkc: { k2hr3_uri: ... }.
        var uri = said ?? cloud?.Extras.GetValueOrDefault("k2hdkc.k2hr3_uri") ?? cli["K2HR3CLI_API_URI"];
        if (cloud is null && uri is null && backend.NeedsCloud)
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.K2hr3NotConfigured,
                "A K2HR3 credential is given, and neither a cloud nor K2HR3's address.", "Give -K2hr3Uri or -Cloud.");
        return new SessionPlan
        {
            Name = options.Name ?? cloud?.Name ?? cloud?.AuthUrl.Host ?? (backend.NeedsCloud ? Address(uri!).Host : backend.Name),
            Cloud = cloud,
            Backend = backend,
            K2hr3Uri = uri is null ? null : Address(uri),
            K2hr3Http = K2hr3HttpOf(options, cloud, environment),
            Tenant = tenant,
            K2hr3Credential = own,
        };
    }

    private static CloudSettings CloudOf(SessionOptions options, bool unnamed, K2hr3CliSettings cli, SessionEnvironment environment)
    {
        var isId = options.Project is { Length: 32 } p && p.All(char.IsAsciiHexDigit);
        var request = new CloudRequest
        {
            Cloud = options.Cloud,
            File = options.CloudsFile,
            AuthUrl = options.AuthUrl,
            UserName = options.UserName,
            Password = options.Password,
            UserDomain = options.UserDomain,
            ProjectName = isId ? null : options.Project,
            ProjectId = isId ? options.Project : null,
            ProjectDomain = options.ProjectDomain,
            ApplicationCredentialId = options.UserName is null ? options.ApplicationCredential : null,
            ApplicationCredentialName = options.UserName is null ? null : options.ApplicationCredential,
            ApplicationCredentialSecret = options.ApplicationCredentialSecret,
            Token = options.Token,
            Region = options.Region,
            Interface = options.Interface,
            CaFile = options.CaFile,
            VerifyCertificates = options.VerifyTls,
            Http = HttpOf(options),
        };
        try
        {
            return new CloudResolver(environment.Cloud).Resolve(request);
        }
        catch (DbaasException)
            when (unnamed && cli["K2HR3CLI_OPENSTACK_IDENTITY_URI"] is not null && cli["K2HR3CLI_OPENSTACK_PASS"] is not null)
        {
            // Who comes from the K2HR3 CLI has no clouds.yaml, but the same settings there.
            return new CloudResolver(environment.Cloud).Resolve(new CloudRequest
            {
                AuthUrl = cli["K2HR3CLI_OPENSTACK_IDENTITY_URI"],
                UserName = cli["K2HR3CLI_OPENSTACK_USER"],
                Password = cli["K2HR3CLI_OPENSTACK_PASS"],
                UserDomain = "default",
                ProjectName = cli["K2HR3CLI_OPENSTACK_TENANT"],
                ProjectDomain = "default",
                Region = options.Region,
                CaFile = options.CaFile,
                VerifyCertificates = options.VerifyTls,
                Http = request.Http,
            });
        }
    }

    private static HttpSettings HttpOf(SessionOptions options)
    {
        var http = new HttpSettings();
        if (options.RequestTimeout is not { } limit) return http;
        // A request that may take long may also be tried again.
        return http with { RequestTimeout = limit, TotalTimeout = limit * 3 > http.TotalTimeout ? limit * 3 : http.TotalTimeout };
    }

    private static HttpSettings K2hr3HttpOf(SessionOptions options, CloudSettings? cloud, SessionEnvironment environment)
    {
        var http = cloud?.Http ?? HttpOf(options) with { VerifyCertificates = options.VerifyTls ?? true, CaFile = options.CaFile };
        var own = options.K2hr3CaFile ?? environment.Cloud.Get("K2HDKC_K2HR3_CACERT") ?? http.CaFile;
        return http with { CaFile = own is null ? null : environment.Cloud.Whole(own) };
    }

    private static K2hr3Credential? OwnCredential(SessionOptions options, Func<string, string?> variable, string? tenant)
    {
        if (options.K2hr3Token is { } token) return new K2hr3TokenCredential(token.Trim()) { Tenant = tenant };
        var user = options.K2hr3UserName ?? variable("K2HDKC_K2HR3_USER");
        var password = options.K2hr3Password ?? variable("K2HDKC_K2HR3_PASSWORD");
        return user is null || password is null ? null : new K2hr3PasswordCredential(user, password) { Tenant = tenant };
    }

    private static Uri Address(string text) =>
        ServiceAddress.Parse(text, "http or https address of K2HR3's REST API", "InvalidK2hr3Uri", "https://k2hr3.example:443");
}
