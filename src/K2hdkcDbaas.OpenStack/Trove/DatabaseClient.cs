using K2hdkcDbaas.Http;

namespace K2hdkcDbaas.OpenStack.Trove;

/// <summary>Trove v1.0 of the session's project.</summary>
public sealed class DatabaseClient
{
    internal DatabaseClient(HttpClient way)
    {
        Datastores = HttpConnection.Service<IDatastores>(way, DatabaseJson.Bodies);
        Instances = HttpConnection.Service<IInstances>(way, DatabaseJson.Bodies);
        Clusters = HttpConnection.Service<IDatabaseClusters>(way, DatabaseJson.Bodies);
        Backups = HttpConnection.Service<IBackups>(way, DatabaseJson.Bodies);
        Configurations = HttpConnection.Service<IConfigurations>(way, DatabaseJson.Bodies);
        Flavors = HttpConnection.Service<IDatabaseFlavors>(way, DatabaseJson.Bodies);
        Limits = HttpConnection.Service<IDatabaseLimits>(way, DatabaseJson.Bodies);
        Logs = HttpConnection.Service<IDatabaseLogs>(way, DatabaseJson.Bodies);
    }

    /// <summary>Kinds of databases and their versions.</summary>
    internal IDatastores Datastores { get; }

    /// <summary>Single nodes, members of clusters among them.</summary>
    internal IInstances Instances { get; }

    /// <summary>Clusters made in bulk.</summary>
    internal IDatabaseClusters Clusters { get; }

    /// <summary>Backups and where they go.</summary>
    internal IBackups Backups { get; }

    /// <summary>Configuration groups.</summary>
    internal IConfigurations Configurations { get; }

    /// <summary>Sizes of instances.</summary>
    internal IDatabaseFlavors Flavors { get; }

    /// <summary>Limits and quotas.</summary>
    internal IDatabaseLimits Limits { get; }

    /// <summary>Logs of instances.</summary>
    internal IDatabaseLogs Logs { get; }
}
