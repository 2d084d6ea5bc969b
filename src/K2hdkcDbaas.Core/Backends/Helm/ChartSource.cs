namespace K2hdkcDbaas.Core.Backends.Helm;

/// <summary>Where a chart comes from.</summary>
/// <param name="Name">A folder, an archive, an address, or a name in a repository.</param>
/// <param name="Repository">The repository's address; null for none.</param>
/// <param name="Version">The version; null for the newest.</param>
internal sealed record ChartSource(string Name, string? Repository, string? Version)
{
    /// <summary>Whether it lies on this machine.</summary>
    public bool IsLocal => Repository is null && (Directory.Exists(Name) || File.Exists(Name));

    /// <summary>Whether the name can only be that of a folder or an archive: to helm it would be a repository's.</summary>
    public bool MustBeLocal => Repository is null && !Name.Contains("://", StringComparison.Ordinal)
        && (Path.IsPathRooted(Name) || Name.StartsWith('.') || Name.EndsWith(".tgz", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether an address holds a password.</summary>
    public bool HoldsPassword => Holds(Name) || Holds(Repository);

    private static bool Holds(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.UserInfo.Contains(':', StringComparison.Ordinal);
}
