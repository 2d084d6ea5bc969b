using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Configuration;

namespace K2hdkcDbaas.Client;

/// <summary>Reads ring configurations from files.</summary>
public static class ConfigurationFile
{
    /// <summary>Reads an INI, JSON or YAML file; the extension says which.</summary>
    /// <param name="path">The file. Files that an INI file includes are found relative to it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="DbaasException">The file cannot be read (<see cref="K2hdkcErrors.ConfigurationUnreadable"/>) or is no
    /// configuration.</exception>
    public static async Task<RingConfiguration> LoadAsync(string path, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            var text = await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false);
            var folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".";
            return RingConfiguration.Parse(text, FormatOf(path), included => File.ReadAllText(Path.Combine(folder, included)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DbaasException(
                ErrorKind.NotFound, K2hdkcErrors.ConfigurationUnreadable, $"The ring configuration {path} cannot be read: {e.Message}",
                "Check the path and its permissions.", e)
            { Target = path };
        }
    }

    private static ConfigurationFormat FormatOf(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".INI" or ".CONF" or ".CFG" => ConfigurationFormat.Ini,
        ".JSON" or ".JSN" => ConfigurationFormat.Json,
        ".YAML" or ".YML" => ConfigurationFormat.Yaml,
        _ => ConfigurationFormat.Auto,
    };
}
