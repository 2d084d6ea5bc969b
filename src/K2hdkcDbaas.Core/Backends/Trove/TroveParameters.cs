using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core.Backends.NovaServers;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Sessions;

namespace K2hdkcDbaas.Core.Backends.Trove;

/// <summary>The parameters that Trove understands. Its slaves are Nova servers, and take those of such.</summary>
internal static class TroveParameters
{
    private const ParameterUses Clusters = ParameterUses.NewCluster | ParameterUses.RestoreCluster;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<BackendParameter> All { get; } =
    [
        .. NodeParameters.Size(ParameterUses.All),
        .. NodeParameters.Servers(ParameterUses.NewCluster, forSlaves: true),
        .. NodeParameters.Servers(ParameterUses.StartSlave),
        new("VolumeSize", typeof(int), ParameterUses.Servers,
            "The size of a node's data volume in GiB; as with the cluster's nodes, or 1, when not given.")
        {
            Range = (1, 1_000_000),
            PutNode = (t, v) => t with { VolumeSize = (int)v },
        },
        new("DatastoreVersion", typeof(string), Clusters,
            "The version of the k2hdkc datastore; that of the backups, or Trove's default, when not given.")
        {
            Complete = Versions,
            PutCluster = (c, v) => c with { DatastoreVersion = (string)v },
        },
        new("ConfigurationGroup", typeof(Reference), Clusters,
            "The configuration group to use, by name, id or object. When not given, one is made from the ports; on restoring, that of the "
                + "backed-up cluster is used "
            + "if it is there and named after the new one, else one like it is made.")
        {
            Complete = Groups,
            PutCluster = (c, v) => c with { ConfigurationGroup = (Reference)v },
        },
        new("NodeByNode", typeof(bool), ParameterUses.NewCluster,
            "Makes single instances that share the configuration group, rather than a cluster of Trove's own. Trove backs up only such "
                + "nodes.")
        {
            PutCluster = (c, v) => c with { NodeByNode = (bool)v },
        },
        new("Locality", typeof(string), ParameterUses.NewCluster, "Whether nodes share a host or avoid it.")
        {
            Allowed = ["affinity", "anti-affinity"],
            PutCluster = (c, v) => c with { Locality = (string)v },
        },
    ];

    private static async IAsyncEnumerable<ParameterCandidate> Versions(IDbaasSession session, string pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var store in session.Feature<IDatastoreCatalog>()
            .GetDatastoresAsync(ConfigurationGroups.Datastore, cancellationToken).ConfigureAwait(false))
        {
            foreach (var version in store.Versions)
                yield return new ParameterCandidate(version, version == store.DefaultVersion ? $"{version} (default)" : version);
        }
    }

    private static async IAsyncEnumerable<ParameterCandidate> Groups(IDbaasSession session, string pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var group in session.Feature<IConfigurationGroups>().GetAsync(pattern, cancellationToken).ConfigureAwait(false))
            yield return new ParameterCandidate(group.Name, $"{group.Name} ({group.Id}) of {group.Datastore} {group.DatastoreVersion}");
    }
}
