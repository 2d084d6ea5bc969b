using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Core.Registry;

/// <summary>What a check of a cluster's configuration for one role came to.</summary>
/// <param name="Cluster">The cluster's name.</param>
/// <param name="Role">Whose configuration it is.</param>
/// <param name="IsValid">Whether a node could start with it: no finding is an error.</param>
/// <param name="Findings">What was found, the worst first.</param>
/// <param name="Text">The INI as a node would read it; null when the template yields none.</param>
public sealed record ClusterConfigurationReport(string Cluster, NodeRole Role, bool IsValid, IReadOnlyList<Finding> Findings, string? Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Cluster} {Role}: {(IsValid ? "valid" : "not valid")}, {Findings.Count} findings";
}
