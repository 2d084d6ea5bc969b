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

/// <summary>Which datastore something is of.</summary>
/// <param name="Type">The datastore's name, such as <c>k2hdkc</c>.</param>
public sealed record DatastoreReference(string Type)
{
    /// <summary>The version's name.</summary>
    public string? Version { get; init; }

    /// <summary>The version's number; where Trove tells it.</summary>
    public string? VersionNumber { get; init; }
}

/// <summary>A disk of an instance.</summary>
public sealed record DatabaseVolume
{
    /// <summary>GiB.</summary>
    public double Size { get; init; }

    /// <summary>GiB in use; null when Trove does not know.</summary>
    public double? Used { get; init; }
}

/// <summary>Where an instance is plugged in.</summary>
public sealed record DatabaseNic
{
    /// <summary>The network's id. Never <c>net-id</c>: Trove 18 answers 500 to it.</summary>
    public required string NetworkId { get; init; }

    /// <summary>The subnet's id.</summary>
    public string? SubnetId { get; init; }

    /// <summary>The address wanted.</summary>
    public string? IpAddress { get; init; }
}

/// <summary>An address of an instance.</summary>
/// <param name="Address">The address.</param>
public sealed record DatabaseAddress(string Address)
{
    /// <summary>private or public.</summary>
    public string? Type { get; init; }

    /// <summary>The network's id.</summary>
    public string? Network { get; init; }
}

/// <summary>Why an instance went wrong. Trove leaves old faults standing on instances that are well again.</summary>
public sealed record DatabaseFault
{
    /// <summary>Trove's words.</summary>
    public string? Message { get; init; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>More, for administrators.</summary>
    public string? Details { get; init; }
}

/// <summary>A configuration group that an instance has.</summary>
/// <param name="Id">The group's id.</param>
public sealed record ConfigurationReference(string Id)
{
    /// <summary>The group's name.</summary>
    public string? Name { get; init; }
}

/// <summary>What Trove tells of an instance in a list of names.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
public sealed record InstanceReference(string Id, string Name);
