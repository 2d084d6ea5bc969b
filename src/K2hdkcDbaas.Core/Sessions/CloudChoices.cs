using K2hdkcDbaas.OpenStack.Configuration;

namespace K2hdkcDbaas.Core.Sessions;

/// <summary>
/// What there is to choose from before a session is opened: what clouds.yaml says. Sends nothing, and never fails: for completion.
/// </summary>
public static class CloudChoices
{
    /// <summary>The names of the clouds.</summary>
    /// <param name="file">The clouds.yaml; null for the search path's.</param>
    /// <param name="folder">Where relative paths start and the search begins.</param>
    public static IReadOnlyList<string> Clouds(string? file, string folder) =>
        new CloudResolver(CloudEnvironment.Current(folder)).CloudNames(file);

    /// <summary>The regions that a cloud names.</summary>
    /// <param name="file">The clouds.yaml; null for the search path's.</param>
    /// <param name="folder">Where relative paths start and the search begins.</param>
    /// <param name="cloud">The cloud; null for the only one, or that of <c>OS_CLOUD</c>.</param>
    public static IReadOnlyList<string> Regions(string? file, string folder, string? cloud) =>
        new CloudResolver(CloudEnvironment.Current(folder)).RegionNames(file, cloud);
}
