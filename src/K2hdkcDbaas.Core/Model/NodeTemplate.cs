using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Core.Model;

/// <summary>How the servers of new nodes are made.</summary>
public sealed record NodeTemplate
{
    /// <summary>What they boot from (OpenStack type). Needed unless <see cref="BlockDeviceMapping"/> names a boot volume.</summary>
    public Reference? Image { get; init; }

    /// <summary>Their size. Always needed.</summary>
    public Reference? Flavor { get; init; }

    /// <summary>The networks they are put on. Empty: the only network that the project can use; an error when there are several.</summary>
    public IReadOnlyList<Reference> Networks { get; init; } = [];

    /// <summary>The key pair to log in with; null for none.</summary>
    public Reference? KeyPair { get; init; }

    /// <summary>More security groups beside <c>default</c> and the cluster's own.</summary>
    public IReadOnlyList<Reference> SecurityGroups { get; init; } = [];

    /// <summary>Where they run; null leaves it to Nova.</summary>
    public string? AvailabilityZone { get; init; }

    /// <summary>Nova's <c>block_device_mapping_v2</c>, as Nova wants it; null for none.</summary>
    public JsonArray? BlockDeviceMapping { get; init; }

    /// <summary>
    /// More members of Nova's <c>server</c> object, as Nova wants them; they win over those that the flow sets, except name and user data.
    /// </summary>
    public JsonObject? Properties { get; init; }

    /// <summary>Metadata to put on the servers, beside the cluster's and role's names.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Makes a new role token, rather than using the existing one that expires last.</summary>
    public bool NewRoleToken { get; init; }

    /// <summary>Trove: the data volume's size in GiB; null for the datastore's smallest, 1.</summary>
    public int? VolumeSize { get; init; }

    /// <summary>What is meant for one engine alone, by the names of its parameters; case does not matter.</summary>
    public IReadOnlyDictionary<string, object> Settings { get; init; } = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase);
}
