using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;

namespace K2hdkcDbaas.OpenStack.Configuration;

/// <summary>
/// Makes a session's settings of what the caller says, clouds.yaml and the <c>OS_*</c> variables: the first that says something wins.
/// </summary>
/// <param name="environment">Where to look.</param>
public sealed class CloudResolver(CloudEnvironment environment)
{
    // What belongs under auth, and is taken from beside it too, as openstacksdk does (openstack/config/loader.py).
    private static readonly string[] AuthKeys = ["auth_url", "username", "user_name", "user_id", "password", "user_domain_name",
        "user_domain_id", "project_name", "project_id", "project_domain_name", "project_domain_id", "tenant_name", "tenant_id",
        "default_domain", "default_domain_id", "default_domain_name", "domain_id", "domain_name", "application_credential_id",
        "application_credential_name", "application_credential_secret", "token", "auth_token"];

    private static readonly string[] ServiceTypes = ["identity", "compute", "image", "network", "database"];

    private readonly CloudFiles _files = new(environment);

    /// <summary>The names of the clouds in a clouds.yaml, for completion; none when there is no file.</summary>
    /// <param name="file">The file; null for the search path.</param>
    public IReadOnlyList<string> CloudNames(string? file)
    {
        try
        {
            return [.. _files.Load(file).Clouds.Keys.Order(StringComparer.Ordinal)];
        }
        catch (DbaasException)
        {
            return [];
        }
    }

    /// <summary>The regions that a cloud names, for completion; none when it, or the file, cannot be read.</summary>
    /// <param name="file">The file; null for the search path.</param>
    /// <param name="cloud">The cloud; null for the only one, or that of <c>OS_CLOUD</c>.</param>
    public IReadOnlyList<string> RegionNames(string? file, string? cloud)
    {
        try
        {
            var name = cloud ?? environment.Get("OS_CLOUD");
            var settings = FromFile(file, ref name, out _, []).Normal();
            return [.. settings.All("regions", "region_name").Distinct().Order(StringComparer.Ordinal)];
        }
        catch (DbaasException)
        {
            return [];
        }
    }

    /// <summary>The settings of a session. Nothing is sent.</summary>
    /// <param name="request">What the caller says.</param>
    /// <exception cref="DbaasException">CloudsFileNotFound, CloudsFileUnreadable, CloudNotFound, CloudEmpty, CloudRequired,
    /// ProfileNotFound, AuthTypeNotSupported, AuthUrlRequired, CredentialIncomplete.</exception>
    public CloudSettings Resolve(CloudRequest request)
    {
        var name = request.Cloud ?? (request.AuthUrl is null ? environment.Get("OS_CLOUD") : null);
        var useVariables = name == "envvars"
            || (name is null && request.File is null && (request.AuthUrl is not null || environment.Get("OS_AUTH_URL") is not null));
        var folder = environment.CurrentFolder;
        var warnings = new List<string>();
        var cloud = useVariables ? Variables() : FromFile(request.File, ref name, out folder, warnings);
        cloud = cloud.Normal();
        var auth = cloud.Map("auth") ?? new YamlMap();
        foreach (var key in AuthKeys)
        {
            if (auth.Text(key) is null && cloud.Text(key) is { } beside) auth[key] = beside;
        }

        var region = Region(request, cloud, ref auth);
        return new CloudSettings
        {
            Name = useVariables ? null : name,
            AuthUrl = AuthUrl(request.AuthUrl ?? Filled(auth.Text("auth_url"), cloud, region), name),
            Credential = Credential(request, cloud, auth, environment),
            Scope = Scope(request, auth),
            Region = region,
            Interface = Interface(request.Interface ?? cloud.First("interface", "endpoint_type")),
            EndpointOverrides = Overrides(cloud),
            Http = Http(request, cloud, folder),
            Extras = cloud.Where(p => p.Value is string)
                .Concat((cloud.Map("k2hdkc") ?? []).Where(p => p.Value is string)
                    .Select(p => new KeyValuePair<string, object?>("k2hdkc." + p.Key, p.Value)))
                .ToDictionary(p => p.Key, p => (string)p.Value!),
            Warnings = warnings,
        };
    }

    // Vendors' profiles write {region_name} into the address, which openstacksdk fills in.
    private static string? Filled(string? address, YamlMap cloud, string? region) =>
        address is null || !address.Contains('{', StringComparison.Ordinal) ? address
        : cloud.Where(p => p.Value is string && p.Key != "region_name").Append(new("region_name", region))
            .Aggregate(address, (text, p) => text.Replace("{" + p.Key + "}", (string?)p.Value, StringComparison.Ordinal));

    private YamlMap FromFile(string? path, ref string? name, out string folder, List<string> warnings)
    {
        var file = _files.Load(path);
        folder = Path.GetDirectoryName(file.Path) ?? environment.CurrentFolder;
        if (name is null)
        {
            if (file.Clouds.Count != 1)
                throw new DbaasException(ErrorKind.InvalidInput, "CloudRequired",
                    $"'{file.Path}' describes {file.Clouds.Count} clouds ({Names(file.Clouds)}), and none is chosen.",
                    "Name one, or set OS_CLOUD.");
            name = file.Clouds.Keys.Single();
        }
        if (!file.Clouds.ContainsKey(name))
            throw new DbaasException(ErrorKind.NotFound, "CloudNotFound",
                $"'{file.Path}' has no cloud '{name}'; it has: {Names(file.Clouds)}.",
                "Name one of these, or give another file.")
            { Target = name };
        if (file.Clouds.Map(name) is not { Count: > 0 } cloud)
            throw new DbaasException(ErrorKind.InvalidInput, "CloudEmpty", $"Cloud '{name}' in '{file.Path}' is empty.",
                "Write its settings below its name, indented: at least auth with auth_url.")
            { Target = name };
        // "cloud" is the older word for a profile.
        if (cloud.Text("profile", "cloud") is not { } profile) return cloud;
        if (file.Profiles.Map(profile) is { } known) return new YamlMap().MergeOver(known).MergeOver(cloud);
        // A cloud that says itself where it is needs no profile.
        if (cloud.Text("auth_url", "auth-url") is not null || cloud.Map("auth")?.Text("auth_url", "auth-url") is not null)
        {
            warnings.Add($"Cloud '{name}' has the profile '{profile}', which no clouds-public.yaml describes; the cloud's own settings are "
                + $"used.");
            return cloud;
        }
        throw new DbaasException(ErrorKind.NotFound, "ProfileNotFound",
            $"Cloud '{name}' has the profile '{profile}', which no clouds-public.yaml describes.",
            "Put clouds-public.yaml beside clouds.yaml, or write the profile's settings into the cloud.")
        { Target = profile };
    }

    // The variables of an rc file, in the shape of a cloud.
    private YamlMap Variables()
    {
        var auth = new YamlMap();
        foreach (var key in (string[])["auth_url", "username", "user_id", "password", "user_domain_name", "user_domain_id", "project_name",
            "project_id", "project_domain_name",
            "project_domain_id", "tenant_name", "tenant_id", "default_domain", "default_domain_id", "default_domain_name",
            "application_credential_id", "application_credential_name",
            "application_credential_secret", "token"]) auth[key] = environment.Get("OS_" + key.ToUpperInvariant());
        var cloud = new YamlMap { ["auth"] = auth };
        foreach (var key in (string[])["auth_type", "region_name", "interface", "endpoint_type", "cacert", "cert", "key",
            "identity_api_version", .. ServiceTypes.Select(t => t + "_endpoint_override")])
            cloud[key] = environment.Get("OS_" + key.ToUpperInvariant());
        if (environment.Get("OS_INSECURE") is { } insecure) cloud["insecure"] = insecure;
        return cloud;
    }

    // A cloud may list its regions, each with values of its own.
    private static string? Region(CloudRequest request, YamlMap cloud, ref YamlMap auth)
    {
        if (!cloud.TryGetValue("regions", out var value) || value is not List<object?> regions || regions.Count == 0)
            return request.Region ?? cloud.First("region_name");
        // With a list, its first counts and not region_name, as for openstacksdk.
        var region = request.Region;
        var known = regions.Select(r => r as string ?? (r as YamlMap)?.Text("name")).OfType<string>().ToList();
        region ??= known.FirstOrDefault();
        if (region is not null && !known.Contains(region))
            throw new DbaasException(ErrorKind.NotFound, "RegionNotFound",
                $"The cloud has no region '{region}'; it has: {string.Join(", ", known)}.",
                "Choose one of these regions.")
            { Target = region };
        if (regions.OfType<YamlMap>().FirstOrDefault(r => r.Text("name") == region)?.Map("values") is { } own)
        {
            cloud.MergeOver(own);
            auth = cloud.Map("auth") ?? auth;
        }
        return region;
    }

    private static CloudCredential Credential(CloudRequest r, YamlMap cloud, YamlMap auth, CloudEnvironment environment)
    {
        if (cloud.Text("identity_api_version") is { } version && !version.TrimStart('v', 'V').StartsWith('3'))
            throw new DbaasException(ErrorKind.NotSupported, "KeystoneV3Required",
                $"The cloud asks for identity API {version}; only v3 is supported.", "Remove identity_api_version, or set it to 3.");
        var (domainId, domainName) = Domain(r.UserDomain, auth, "user_domain_id", "user_domain_name");
        switch (Kind(r, cloud, auth))
        {
            case "token":
                return new TokenCredential
                {
                    Token =
                    (r.Token ?? auth.Text("token", "auth_token") ?? environment.Get("OS_TOKEN"))?.Trim() is { Length: > 0 } token
                        ? token
                        : throw Incomplete("a token")
                };
            case "applicationcredential":
                return new ApplicationCredential
                {
                    Id = r.ApplicationCredentialId ?? (r.ApplicationCredentialName is null ? auth.Text("application_credential_id") : null),
                    Name = r.ApplicationCredentialName ?? auth.Text("application_credential_name"),
                    Secret = r.ApplicationCredentialSecret ?? auth.Text("application_credential_secret")
                        ?? environment.Get("OS_APPLICATION_CREDENTIAL_SECRET") ?? throw Incomplete("the application credential's secret"),
                    UserId = r.UserId ?? auth.Text("user_id"),
                    UserName = r.UserName ?? auth.Text("username", "user_name"),
                    DomainId = domainId,
                    DomainName = domainName,
                };
            default:
                return new PasswordCredential
                {
                    UserId = r.UserId ?? (r.UserName is null ? auth.Text("user_id") : null),
                    UserName = r.UserName ?? auth.Text("username", "user_name"),
                    DomainId = domainId,
                    DomainName = domainName,
                    Password = r.Password ?? auth.Text("password") ?? environment.Get("OS_PASSWORD") ?? throw Incomplete("a password"),
                };
        }
    }

    private static string Kind(CloudRequest r, YamlMap cloud, YamlMap auth)
    {
        if (r.Token is not null) return "token";
        if (r.ApplicationCredentialId is not null || r.ApplicationCredentialName is not null) return "applicationcredential";
        if (r.Password is not null) return "password";
        return cloud.Text("auth_type") switch
        {
            "password" or "v3password" => "password",
            "token" or "v3token" => "token",
            "v3applicationcredential" => "applicationcredential",
            null => auth.Text("application_credential_id", "application_credential_name") is not null
                ? "applicationcredential"
                : auth.Text("token", "auth_token") is not null ? "token" : "password",
            var other =>
                throw new DbaasException(ErrorKind.NotSupported, "AuthTypeNotSupported",
                    $"The authentication type '{other}' is not supported.", "Use password, v3applicationcredential or token."),
        };
    }

    private static ProjectScope? Scope(CloudRequest r, YamlMap auth)
    {
        var id = r.ProjectId ?? (r.ProjectName is null ? auth.Text("project_id", "tenant_id") : null);
        var name = r.ProjectName ?? auth.Text("project_name", "tenant_name");
        if (id is not null) return new ProjectScope { ProjectId = id, ProjectName = name };
        if (name is null) return null;
        // As keystoneauth's clients do: a project is looked for in the user's domain when none is named.
        var (domainId, domainName) = Domain(r.ProjectDomain, auth, "project_domain_id", "project_domain_name");
        if (domainId is null && domainName is null)
            (domainId, domainName) = Domain(r.UserDomain, auth, "user_domain_id", "user_domain_name");
        return new ProjectScope { ProjectName = name, DomainId = domainId, DomainName = domainName };
    }

    // Where only a name or only an id can stand, "default" is the id and "Default" the name of the same domain in a Keystone as it comes.
    private static (string? Id, string? Name) Domain(string? said, YamlMap auth, string idKey, string nameKey)
    {
        if (said is not null) return IsId(said) ? (said, null) : (null, said);
        if (auth.Text(idKey) is { } id) return (id, null);
        if (auth.Text(nameKey) is { } name) return (null, name);
        if (auth.Text("default_domain_id", "domain_id") is { } defaultId) return (defaultId, null);
        if (auth.Text("default_domain_name", "domain_name") is { } defaultName) return (null, defaultName);
        return auth.Text("default_domain") is { } either ? (IsId(either) ? (either, null) : (null, either)) : (null, null);
    }

    private static bool IsId(string text) => text == "default" || (text.Length == 32 && text.All(char.IsAsciiHexDigitLower));

    private static Uri AuthUrl(string? text, string? cloud)
    {
        if (text is null)
            throw new DbaasException(ErrorKind.InvalidInput, "AuthUrlRequired",
                $"{(cloud is null ? "The session" : $"Cloud '{cloud}'")} has no authentication URL.",
                "Set auth_url, OS_AUTH_URL or the parameter.");
        return Address(text, "authentication URL");
    }

    private static Uri Address(string text, string what) => ServiceAddress.Parse(text, what, "InvalidUrl", "https://cloud.example:5000/v3");

    private static string Interface(string? text) => text switch
    {
        null or "public" or "publicURL" => "public",
        "internal" or "internalURL" => "internal",
        "admin" or "adminURL" => "admin",
        _ => throw new DbaasException(ErrorKind.InvalidInput, "InvalidInterface", $"'{text}' is not an interface.",
            "Use public, internal or admin.")
        { Target = text },
    };

    private static Dictionary<string, Uri> Overrides(YamlMap cloud)
    {
        var overrides = new Dictionary<string, Uri>(StringComparer.Ordinal);
        foreach (var type in ServiceTypes)
        {
            if (cloud.Text(type + "_endpoint_override", type + "_endpoint") is { } text)
                overrides[type] = Address(text, $"address of {type}");
        }
        return overrides;
    }

    // Paths in a file are relative to that file, those of the caller and of variables to the session's location.
    private HttpSettings Http(CloudRequest r, YamlMap cloud, string folder)
    {
        string? File(string? path) => path is null ? null : environment.Whole(path, folder);
        var verify = r.VerifyCertificates ?? cloud.Flag("verify") ?? !(cloud.Flag("insecure") ?? false);
        return r.Http with
        {
            VerifyCertificates = verify,
            CaFile = (r.CaFile is { } given ? environment.Whole(given) : File(cloud.Text("cacert"))) ?? r.Http.CaFile,
            ClientCertificateFile = File(cloud.Text("cert")) ?? r.Http.ClientCertificateFile,
            ClientKeyFile = File(cloud.Text("key")) ?? r.Http.ClientKeyFile,
        };
    }

    private static string Names(YamlMap map) => map.Count == 0 ? "(none)" : string.Join(", ", map.Keys.Order(StringComparer.Ordinal));

    private static DbaasException Incomplete(string what) =>
        new(ErrorKind.InvalidInput, "CredentialIncomplete", $"To log in to Keystone, {what} is missing.",
            "Give it as a parameter, in clouds.yaml or secure.yaml, or as an OS_* variable.");
}
