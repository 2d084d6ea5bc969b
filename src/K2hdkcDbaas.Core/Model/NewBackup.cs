namespace K2hdkcDbaas.Core.Model;

/// <summary>A backup to be taken.</summary>
/// <param name="Cluster">The cluster's name.</param>
public sealed record NewBackup(string Cluster)
{
    /// <summary>The set's name; null: <c>CLUSTER-YYYYMMDDTHHMMSSZ</c>.</summary>
    public string? Set { get; init; }

    /// <summary>Nodes by name, id, tag or address; empty for every server node.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>A note to keep with it.</summary>
    public string? Description { get; init; }
}
