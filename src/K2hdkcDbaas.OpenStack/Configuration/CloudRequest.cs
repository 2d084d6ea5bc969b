using K2hdkcDbaas.Http;

namespace K2hdkcDbaas.OpenStack.Configuration;

/// <summary>What a caller says about the cloud; the rest comes from clouds.yaml or the <c>OS_*</c> variables. Holds secrets: it is no record, so that it never prints itself.</summary>
public sealed class CloudRequest
{
    /// <summary>The cloud's name in clouds.yaml; null for <c>OS_CLOUD</c>, or for the file's only one.</summary>
    public string? Cloud { get; init; }

    /// <summary>The clouds.yaml to read; null for the search path.</summary>
    public string? File { get; init; }

    /// <summary>Keystone's address; with it, and without a cloud's name, no file is read.</summary>
    public string? AuthUrl { get; init; }

    /// <summary>The user's name.</summary>
    public string? UserName { get; init; }

    /// <summary>The user's id.</summary>
    public string? UserId { get; init; }

    /// <summary>The password.</summary>
    public string? Password { get; init; }

    /// <summary>The name or id of the user's domain; <c>default</c> is taken for the id that every Keystone has.</summary>
    public string? UserDomain { get; init; }

    /// <summary>The project's name.</summary>
    public string? ProjectName { get; init; }

    /// <summary>The project's id.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The name or id of the project's domain.</summary>
    public string? ProjectDomain { get; init; }

    /// <summary>An application credential's id.</summary>
    public string? ApplicationCredentialId { get; init; }

    /// <summary>An application credential's name; needs the user.</summary>
    public string? ApplicationCredentialName { get; init; }

    /// <summary>An application credential's secret.</summary>
    public string? ApplicationCredentialSecret { get; init; }

    /// <summary>A ready Keystone token.</summary>
    public string? Token { get; init; }

    /// <summary>The region.</summary>
    public string? Region { get; init; }

    /// <summary>public, internal or admin.</summary>
    public string? Interface { get; init; }

    /// <summary>A PEM file of authorities to trust.</summary>
    public string? CaFile { get; init; }

    /// <summary>Whether certificates are checked.</summary>
    public bool? VerifyCertificates { get; init; }

    /// <summary>Time-outs and bounds; certificates come from the rest.</summary>
    public HttpSettings Http { get; init; } = new();
}

/// <summary>Where settings are looked for; given, so that tests need no real home.</summary>
public sealed record CloudEnvironment
{
    /// <summary>Reads an environment variable.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>Where relative paths start, and the first folder looked in.</summary>
    public required string CurrentFolder { get; init; }

    /// <summary>The user's home.</summary>
    public required string HomeFolder { get; init; }

    /// <summary>The system's folder.</summary>
    public string SystemFolder { get; init; } = "/etc/openstack";

    /// <summary>That of this process.</summary>
    /// <param name="currentFolder">The session's folder, where it is not the process's (PowerShell has its own).</param>
    public static CloudEnvironment Current(string? currentFolder = null) => new()
    {
        Variable = Environment.GetEnvironmentVariable,
        CurrentFolder = currentFolder ?? Environment.CurrentDirectory,
        HomeFolder = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
    };

    /// <summary>An environment variable; null when it is unset or empty.</summary>
    /// <param name="name">Its name.</param>
    public string? Get(string name) => Variable(name) is { Length: > 0 } value ? value : null;

    /// <summary>A path as a person writes it, made whole.</summary>
    /// <param name="path">The path, <c>~</c> allowed.</param>
    public string Whole(string path) => Whole(path, CurrentFolder);

    /// <summary>A path as a person writes it, made whole.</summary>
    /// <param name="path">The path, <c>~</c> allowed.</param>
    /// <param name="folder">Where a relative one starts.</param>
    public string Whole(string path, string folder) =>
        path == "~" ? HomeFolder
        : path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(HomeFolder, path[2..])
        : Path.GetFullPath(path, folder);
}
