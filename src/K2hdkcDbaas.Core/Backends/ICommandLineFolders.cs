using K2hdkcDbaas.Core.Flows;

namespace K2hdkcDbaas.Core.Backends;

/// <summary>The folders without which <c>k2hr3 database-k8s</c> does not see a cluster.</summary>
[FeatureName("folders for k2hr3 database-k8s")]
public interface ICommandLineFolders
{
    /// <summary>Where a cluster's folder is.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="place">The tool's own folder; the one that it looks in by itself when null.</param>
    string FolderOf(string cluster, string? place);

    /// <summary>Writes the folder of a cluster, and what the tool keeps for all clusters of a namespace where that is missing.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="place">The tool's own folder; the one that it looks in by itself when null.</param>
    /// <param name="options">How to behave; <see cref="FlowOptions.Force"/> writes over a folder that is there.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="Errors.DbaasException"><c>FolderExists</c>, <c>FileNotWritten</c>; <c>AuthorityUnusable</c> where the folder has
    /// the authority of other clusters.</exception>
    Task ExportAsync(string cluster, string? place, FlowOptions options, CancellationToken cancellationToken);
}
