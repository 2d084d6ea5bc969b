using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Binding;

/// <summary>Reads a cluster: a name, an id, a cluster, also one that comes from a job or a file.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ClusterArgumentAttribute : ObjectArgumentAttribute
{
    /// <summary>Whether a node means itself here: the command then looks at that node of its cluster alone.</summary>
    public bool TakesNode { get; init; }

    private protected override string Wanted => "a cluster";

    private protected override object? Convert(GivenObject given)
    {
        switch (given.Kind)
        {
            case ObjectKind.Text: return Text((string)given.Value);
            case ObjectKind.Cluster when given.Value is Cluster cluster: return new ClusterReference(cluster);
            case ObjectKind.Cluster when given.Text("Name") is { } name:
                return new ClusterReference(name, given.Text("Id"), BackendOf(given));
            case ObjectKind.Node or ObjectKind.Slave when TakesNode && given.Text("Cluster") is { } name:
                return new ClusterReference(name) { PipedNode = NodeArgumentAttribute.Read(given) };
            case ObjectKind.Other when given.Value is ClusterReference: return given.Value;
            // A row of the user's binds by its columns, a number by its text.
            case ObjectKind.Other when given.IsRow && TakesNode && given.Text("Node") is { } node && given.Text("Cluster") is { } of:
                return new ClusterReference(of) { PipedNode = new NodeReference(node) };
            case ObjectKind.Other when given.IsRow && given.Text("Node") is null:
                return (object?)Named(given.Text("Cluster")) ?? Named(given.Text("Name")) ?? given.Value;
            case ObjectKind.Other when given.Value is IConvertible:
                return Text(System.Convert.ToString(given.Value, System.Globalization.CultureInfo.InvariantCulture)!);
            default: return null;
        }
    }

    /// <summary>The back end that an object says it belongs to.</summary>
    internal static string? BackendOf(GivenObject given) => given.Text("Backend") is { Length: > 0 } backend ? backend : null;

    // What is empty is the parameter's own checks' business.
    private static object Text(string text) => string.IsNullOrWhiteSpace(text) ? text : new ClusterReference(text);

    private static ClusterReference? Named(string? name) => name is null ? null : new ClusterReference(name);
}
