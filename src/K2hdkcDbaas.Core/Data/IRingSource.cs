using K2hdkcDbaas.Protocol.Configuration;

namespace K2hdkcDbaas.Core.Data;

/// <summary>Where a ring's configuration comes from. It may be read again at any time, and then says what is true by then.</summary>
public interface IRingSource
{
    /// <summary>What the user called it: a cluster's name, a path, or a server.</summary>
    string Name { get; }

    /// <summary>The configuration file, which the native transport needs; null where there is none.</summary>
    string? FilePath { get; }

    /// <summary>Reads the configuration, as for a slave.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<RingConfiguration> ReadAsync(CancellationToken cancellationToken);
}
