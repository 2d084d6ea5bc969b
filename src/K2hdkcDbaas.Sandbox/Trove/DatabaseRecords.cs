using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Keystone;
using K2hdkcDbaas.Sandbox.Neutron;
using K2hdkcDbaas.Sandbox.Nova;

namespace K2hdkcDbaas.Sandbox.Trove;

/// <summary>A datastore with its one version.</summary>
internal sealed record Datastore(string Id, string Name, string VersionId, string Version, bool Clusters);

/// <summary>A parameter of configuration groups.</summary>
internal sealed record Parameter(string Name, string Type, int? Min = null, int? Max = null);

/// <summary>What a cluster is doing, with Trove's ids and texts.</summary>
internal sealed record ClusterTask(int Id, string Name, string Description)
{
    public static ClusterTask None { get; } = new(1, "NONE", "No tasks for the cluster.");

    public static ClusterTask Building { get; } = new(2, "BUILDING", "Building the initial cluster.");

    public static ClusterTask Deleting { get; } = new(3, "DELETING", "Deleting the cluster.");

    public static ClusterTask Growing { get; } = new(5, "GROWING_CLUSTER", "Increasing the size of the cluster.");

    public static ClusterTask Shrinking { get; } = new(6, "SHRINKING_CLUSTER", "Decreasing the size of the cluster.");

    public static ClusterTask Restarting { get; } = new(8, "RESTARTING_CLUSTER", "Restarting the cluster.");
}

/// <summary>A configuration group.</summary>
internal sealed class ConfigurationGroup(string projectId, Datastore datastore, DateTimeOffset now)
{
    public string Id { get; } = Guid.NewGuid().ToString();

    public string ProjectId { get; } = projectId;

    public Datastore Datastore { get; } = datastore;

    public required string Name { get; set; }

    public string? Description { get; set; }

    public JsonObject Values { get; set; } = [];

    public DateTimeOffset Created { get; } = now;

    public DateTimeOffset Updated { get; set; } = now;

    /// <summary>The values as a guest is told them.</summary>
    public Dictionary<string, string> ForGuest() => Values.ToDictionary(v => v.Key, v => PythonText.Str(v.Value), StringComparer.Ordinal);
}

/// <summary>A Trove instance, alone or as a cluster's member.</summary>
internal sealed class Instance(string projectId, User user, Datastore datastore, Flavor flavor, DateTimeOffset now)
{
    public string Id { get; } = Guid.NewGuid().ToString();

    public string ProjectId { get; } = projectId;

    public User User { get; } = user;

    public Datastore Datastore { get; } = datastore;

    public Flavor Flavor { get; set; } = flavor;

    public required string Name { get; set; }

    public required int VolumeSize { get; set; }

    public Network? Network { get; init; }

    /// <summary>The id of the network it was to be plugged into and that is not there; its building fails.</summary>
    public string? MissingNetwork { get; init; }

    public Port? Port { get; set; }

    public string Status { get; set; } = "BUILD";

    public ConfigurationGroup? Configuration { get; set; }

    public Cluster? Cluster { get; init; }

    public bool? Public { get; set; }

    public string? Fault { get; set; }

    public DateTimeOffset FaultTime { get; set; }

    public ReadOnlyMemory<byte> Restore { get; init; }

    public DateTimeOffset Created { get; } = now;

    public DateTimeOffset Updated { get; set; } = now;

    public bool Ready => Status is "ACTIVE" or "HEALTHY";
}

/// <summary>A cluster.</summary>
internal sealed class Cluster(string projectId, Datastore datastore, DateTimeOffset now)
{
    public string Id { get; } = Guid.NewGuid().ToString();

    public string ProjectId { get; } = projectId;

    public Datastore Datastore { get; } = datastore;

    public required string Name { get; init; }

    public ClusterTask Task { get; set; } = ClusterTask.Building;

    public ConfigurationGroup? Configuration { get; set; }

    /// <summary>The id of a group that was named and is not there; the row is stuck for good.</summary>
    public string? MissingConfiguration { get; set; }

    public string? Locality { get; init; }

    public DateTimeOffset Created { get; } = now;

    public DateTimeOffset Updated { get; set; } = now;
}

/// <summary>A backup with the data of the node it was taken from.</summary>
internal sealed class Backup(Instance instance, DateTimeOffset now)
{
    public string Id { get; } = Guid.NewGuid().ToString();

    public string InstanceId { get; } = instance.Id;

    public string ProjectId { get; } = instance.ProjectId;

    public Datastore Datastore { get; } = instance.Datastore;

    public required string Name { get; init; }

    public string? Description { get; init; }

    public string? ParentId { get; init; }

    public string Container { get; init; } = "database_backups";

    public string Status { get; set; } = "NEW";

    public double? Size { get; set; }

    public ReadOnlyMemory<byte> Data { get; set; }

    public DateTimeOffset Created { get; } = now;

    public DateTimeOffset Updated { get; set; } = now;
}

/// <summary>Where backups of an instance (or of all, with an empty id) go.</summary>
internal sealed record BackupStrategy(string ProjectId, string InstanceId, string Container);
