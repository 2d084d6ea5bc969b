using K2hdkcDbaas.Client;
using K2hdkcDbaas.Protocol.Configuration;

namespace K2hdkcDbaas.Core.Data;

/// <summary>A ring whose configuration is an INI, JSON or YAML file.</summary>
/// <param name="path">The file's full path.</param>
public sealed class FileRing(string path) : IRingSource
{
    /// <inheritdoc/>
    public string Name => path;

    /// <inheritdoc/>
    public string? FilePath => path;

    /// <inheritdoc/>
    public Task<RingConfiguration> ReadAsync(CancellationToken cancellationToken) => ConfigurationFile.LoadAsync(path, cancellationToken);
}
