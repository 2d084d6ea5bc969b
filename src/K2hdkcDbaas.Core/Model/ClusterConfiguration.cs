namespace K2hdkcDbaas.Core.Model;

/// <summary>A cluster's configuration as K2HR3 (or Trove) holds it.</summary>
public sealed record ClusterConfiguration
{
    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>The role it is for; null for the cluster's own template.</summary>
    public NodeRole? Role { get; init; }

    /// <summary>Whether <see cref="Text"/> is the INI as a node reads it now, or the template that yields it.</summary>
    public bool Expanded { get; init; }

    /// <summary>The INI, or its template.</summary>
    public required string Text { get; init; }

    /// <summary>The keys beside the text, such as <c>cluster-name</c> and the ports: strings, numbers and booleans.</summary>
    public IReadOnlyDictionary<string, object?> Keys { get; init; } = new Dictionary<string, object?>();

    /// <inheritdoc/>
    public override string ToString() => Text;
}
