using K2hdkcDbaas.Protocol.Configuration;

namespace K2hdkcDbaas.Sandbox.Nodes;

/// <summary>Finds a node's own section in its configuration, by control port, cuk and address as chmpx does.</summary>
internal static class SelfEntry
{
    public static RingNode? Find(NodeDescription node, RingConfiguration configuration) =>
        Among(configuration.Servers, node, configuration);

    public static RingNode? FindSlave(NodeDescription node, RingConfiguration configuration) =>
        Among(configuration.Slaves, node, configuration);

    private static RingNode? Among(IReadOnlyList<RingNode> nodes, NodeDescription node, RingConfiguration configuration)
    {
        var address = node.Address.ToString();
        var cuk = node.Cuk.Length > 0 ? node.Cuk : configuration.SelfCuk;
        var fitting = nodes.Where(n => configuration.ControlPort < 0 || n.ControlPort == configuration.ControlPort).ToList();
        return fitting.Find(n => n.Name == address && (cuk.Length == 0 || n.Cuk == cuk))
            ?? fitting.Find(n => cuk.Length > 0 && n.Cuk == cuk)
            ?? fitting.Find(n => n.Name == address && n.Cuk.Length == 0);
    }
}
