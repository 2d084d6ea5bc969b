using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Binding;

/// <summary>A node by name, id, cuk, tag or address, or by object.</summary>
public sealed class NodeReference
{
    /// <summary>Refers by name, id, cuk, tag or address.</summary>
    /// <param name="key">Any of these.</param>
    public NodeReference(string key)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        Name = key;
    }

    /// <summary>Refers to this node.</summary>
    /// <param name="node">The node.</param>
    public NodeReference(ClusterNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        (Name, Node) = (node.Name, node);
    }

    /// <summary>The node's name, or what the user gave for it.</summary>
    public string Name { get; }

    /// <summary>The node itself; null when only a key is known.</summary>
    public ClusterNode? Node { get; }

    /// <summary>The cluster whose nodes are all meant, where a cluster was given for a node.</summary>
    internal ClusterReference? Of { get; init; }

    /// <summary>What the back end is to look for, the surest first.</summary>
    public string Key => Node?.Id ?? Node?.Cuk ?? Node?.IPAddress ?? Name;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
