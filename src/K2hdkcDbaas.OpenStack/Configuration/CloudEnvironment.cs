namespace K2hdkcDbaas.OpenStack.Configuration;

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
