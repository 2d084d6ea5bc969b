namespace K2hdkcDbaas.Core.Backends.Helm;

/// <summary>Where a chart comes from.</summary>
/// <param name="Name">A folder, an archive, an address, or a name in a repository.</param>
/// <param name="Repository">The repository's address; null for none.</param>
/// <param name="Version">The version; null for the newest.</param>
internal sealed record ChartSource(string Name, string? Repository, string? Version)
{
    /// <summary>Whether it lies on this machine.</summary>
    public bool IsLocal => Repository is null && (Directory.Exists(Name) || File.Exists(Name));
}
