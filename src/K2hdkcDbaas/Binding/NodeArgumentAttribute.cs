using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Binding;

/// <summary>
/// Reads a node of one role: a name, id, cuk, tag or address, a node, also one that comes from a job or a file, or for servers a status.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NodeArgumentAttribute : ObjectArgumentAttribute
{
    /// <summary>The role that is wanted.</summary>
    public NodeRole Role { get; init; }

    /// <summary>Whether nodes of either role will do.</summary>
    public bool TakesBoth { get; init; }

    /// <summary>Whether a cluster means all its nodes here.</summary>
    public bool TakesCluster { get; init; }

    private protected override string Wanted => TakesBoth ? "a node" : Role == NodeRole.Server ? "a server node" : "a slave node";

    private protected override object? Convert(GivenObject given)
    {
        switch (given.Kind)
        {
            case ObjectKind.Text: return Text((string)given.Value);
            case ObjectKind.Node when TakesBoth || Role == NodeRole.Server:
            case ObjectKind.Slave when TakesBoth || Role == NodeRole.Slave:
                return Read(given);
            case ObjectKind.NodeStatus when Role == NodeRole.Server && given.Text("ControlAddress") is { } control: return Text(control);
            case ObjectKind.ServerStatus when Role == NodeRole.Server && given.Text("Name") is { } name:
                return Text(given.Text("ControlPort") is { } port ? $"{name}:{port}" : name);
            case ObjectKind.Cluster when TakesCluster && given.Text("Name") is { } name:
                return new NodeReference("*")
                {
                    Of =
                    given.Value is Cluster cluster
                        ? new ClusterReference(cluster)
                        : new ClusterReference(name, given.Text("Id"), ClusterArgumentAttribute.BackendOf(given))
                };
            case ObjectKind.Other when given.Value is NodeReference: return given.Value;
            case ObjectKind.Other when given.IsRow:
                return (given.Text(Role == NodeRole.Server ? "Node" : "Slave") ?? given.Text("Node") ?? given.Text("Name")) is { } named
                    ? Text(named)
                    : given.Value;
            case ObjectKind.Other when given.Value is IConvertible:
                return Text(System.Convert.ToString(given.Value, System.Globalization.CultureInfo.InvariantCulture)!);
            default: return null;
        }
    }

    /// <summary>The node that an object shows.</summary>
    internal static NodeReference Read(GivenObject given) => given.Value is ClusterNode node
        ? new NodeReference(node)
        : new NodeReference(new ClusterNode
        {
            Cluster = given.Text("Cluster") ?? "",
            Role = given.Kind == ObjectKind.Slave ? NodeRole.Slave : NodeRole.Server,
            Name = given.Text("Name") ?? given.Text("Id") ?? "",
            Id = given.Text("Id"),
            Cuk = given.Text("Cuk"),
            IPAddress = given.Text("IPAddress"),
            Tag = given.Text("Tag"),
        });

    private static object Text(string text) => string.IsNullOrWhiteSpace(text) ? text : new NodeReference(text);
}
