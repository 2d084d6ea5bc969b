using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Sessions;

namespace K2hdkcDbaas.Core.Backends.NovaServers;

/// <summary>The parameters of nodes that are Nova servers, for the engines that boot such.</summary>
internal static class NodeParameters
{
    /// <summary>Their size, networks and place, which Nova and Trove take alike.</summary>
    /// <param name="uses">The cmdlets that have them.</param>
    public static IReadOnlyList<BackendParameter> Size(ParameterUses uses) =>
    [
        new("Flavor", typeof(Reference), uses, "The nodes' size: a Nova flavor, by name, id or object.")
        {
            Complete = Flavors,
            PutNode = (t, v) => t with { Flavor = (Reference)v },
        },
        new("Network", typeof(Reference[]), uses,
            "The networks to put nodes on, by name, id or object; may be left out when the project can use only one.")
        {
            Complete = Networks,
            PutNode = (t, v) => t with { Networks = (Reference[])v },
        },
        new("AvailabilityZone", typeof(string), uses, "The availability zone in which nodes run; the cloud chooses when not given.")
        {
            Complete = AvailabilityZones,
            PutNode = (t, v) => t with { AvailabilityZone = (string)v },
        },
    ];

    /// <summary>How Nova servers are made beyond that.</summary>
    /// <param name="uses">The cmdlets that have them.</param>
    /// <param name="forSlaves">Whether they are of use with slaves only, since another service runs the servers.</param>
    public static IReadOnlyList<BackendParameter> Servers(ParameterUses uses, bool forSlaves = false) =>
    [
        new("Image", typeof(Reference), uses, "The image that nodes boot from, by name, id or object.")
        {
            ForSlaves = forSlaves,
            Complete = Images,
            PutNode = (t, v) => t with { Image = (Reference)v },
        },
        new("KeyPair", typeof(Reference), uses, "The key pair to log in to nodes with, by name or object.")
        {
            ForSlaves = forSlaves,
            Complete = KeyPairs,
            PutNode = (t, v) => t with { KeyPair = (Reference)v },
        },
        new("SecurityGroup", typeof(Reference[]), uses, "More security groups beside default and the cluster's own, by name, id or object.")
        {
            ForSlaves = forSlaves,
            Complete = SecurityGroups,
            PutNode = (t, v) => t with { SecurityGroups = (Reference[])v },
        },
        new("BlockDeviceMapping", typeof(JsonArray), uses, "Nova's block_device_mapping_v2: one hashtable per device.")
        {
            ForSlaves = forSlaves,
            PutNode = (t, v) => t with { BlockDeviceMapping = (JsonArray)v },
        },
        new("Property", typeof(JsonObject), uses, "More members of Nova's server object, as Nova's API names them.")
        {
            ForSlaves = forSlaves,
            PutNode = (t, v) => t with { Properties = (JsonObject)v },
        },
        new("Metadata", typeof(IReadOnlyDictionary<string, string>), uses, "Metadata to put on the servers.")
        {
            ForSlaves = forSlaves,
            PutNode = (t, v) => t with { Metadata = (IReadOnlyDictionary<string, string>)v },
        },
        new("NewRoleToken", typeof(bool), uses, "Makes a new K2HR3 role token rather than using the one that expires last.")
        {
            ForSlaves = forSlaves,
            PutNode = (t, v) => t with { NewRoleToken = (bool)v },
        },
    ];

    private static async IAsyncEnumerable<ParameterCandidate> Images(IDbaasSession session, string pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var image in session.Feature<ICloudCatalog>().GetImagesAsync(pattern, cancellationToken).ConfigureAwait(false))
            yield return new ParameterCandidate(image.Name, $"{image.Name} ({image.Id}) {image.Status}");
    }

    private static async IAsyncEnumerable<ParameterCandidate> Flavors(IDbaasSession session, string pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var flavor in session.Feature<ICloudCatalog>().GetFlavorsAsync(pattern, cancellationToken).ConfigureAwait(false))
            yield return new ParameterCandidate(flavor.Name, $"{flavor.Name}: {flavor.VCpus} VCPU, {flavor.Ram} MiB, {flavor.Disk} GiB");
    }

    private static async IAsyncEnumerable<ParameterCandidate> AvailabilityZones(
        IDbaasSession session, string pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var zone in await session.Feature<ICloudCatalog>().GetAvailabilityZonesAsync(cancellationToken).ConfigureAwait(false))
            yield return new ParameterCandidate(zone);
    }

    private static async IAsyncEnumerable<ParameterCandidate> Networks(IDbaasSession session, string pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var network in session.Feature<ICloudCatalog>().GetNetworksAsync(pattern, cancellationToken).ConfigureAwait(false))
            yield return new ParameterCandidate(network.Name, $"{network.Name} ({network.Id}) {network.Status}");
    }

    private static async IAsyncEnumerable<ParameterCandidate> KeyPairs(IDbaasSession session, string pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var pair in session.Feature<ICloudCatalog>().GetKeyPairsAsync(pattern, cancellationToken).ConfigureAwait(false))
            yield return new ParameterCandidate(pair.Name, $"{pair.Name} {pair.Fingerprint}");
    }

    private static async IAsyncEnumerable<ParameterCandidate> SecurityGroups(
        IDbaasSession session, string pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var group in session.Feature<ICloudCatalog>()
            .GetSecurityGroupsAsync(pattern, cancellationToken).ConfigureAwait(false))
            yield return new ParameterCandidate(group.Name, $"{group.Name} ({group.Id}) {group.Description}");
    }
}
