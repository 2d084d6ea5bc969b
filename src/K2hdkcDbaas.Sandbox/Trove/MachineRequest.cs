using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Keystone;
using K2hdkcDbaas.Sandbox.Neutron;
using K2hdkcDbaas.Sandbox.Nova;

namespace K2hdkcDbaas.Sandbox.Trove;

/// <summary>Flavor, volume and network of a wanted instance, checked as Trove does.</summary>
internal sealed record MachineRequest(Flavor Flavor, int VolumeSize, Network? Network, string? Name)
{
    /// <summary>The id of a network that is not there. A cluster with one is refused; a single instance is taken and fails later.</summary>
    public string? MissingNetwork { get; private init; }

    /// <summary>Reads one; <paramref name="gigabytes"/> is how this path of Trove spells GB in its refusal (they differ).</summary>
    public static MachineRequest Read(JsonNode? node, SandboxState state, Token token, string noVolume, string gigabytes)
    {
        var reference = node.Get("flavorRef").AsText() ?? node.Get("flavorRef")?.ToJsonString();
        // The last part of a link is an id too.
        var id = reference?.Split('/')[^1];
        var flavor = state.Compute.Flavors.Find(f => f.Id == id)
            ?? throw new ApiFault(400, $"Resource {reference ?? "None"} cannot be found.");
        // The CLI sends the size as text.
        var size = node.Get("volume").Get("size").AsInt(lenient: true) ?? throw new ApiFault(400, noVolume);
        if (size < 1) throw new ApiFault(400, $"Volume 'size' needs to be a positive integer value, {size} cannot be accepted.");
        if (size > DatabaseStore.LargestVolume)
            throw new ApiFault(413,
                $"Volume 'size' cannot exceed maximum of {DatabaseStore.LargestVolume} {gigabytes}, {size} cannot be accepted.");
        var wanted = NetworkIdOf(node.Get("nics"));
        var network = state.Network.Visible(token).FirstOrDefault(n => n.Id == wanted);
        return new MachineRequest(flavor, size, network, node.Get("name").AsText()) { MissingNetwork = network is null ? wanted : null };
    }

    private static string? NetworkIdOf(JsonNode? nics)
    {
        if (nics is not JsonArray { Count: > 0 } list) return null;
        var nic = list[0];
        // Trove 18 falls over the older spelling instead of refusing it.
        if (nic.Get("network_id") is null && nic.Get("net-id") is not null) throw new ApiFault(500, "");
        return nic.Get("network_id").AsText() ?? "None";
    }
}
