namespace K2hdkcDbaas.Core.Model;

/// <summary>One place where an object in Kubernetes is not as its Helm release made it.</summary>
/// <param name="Cluster">The cluster's name.</param>
/// <param name="Kind">The object's kind.</param>
/// <param name="Name">The object's name.</param>
/// <param name="Path">The place, such as <c>spec.replicas</c>; empty when the object itself is gone.</param>
/// <param name="Expected">What the release has there; null for nothing.</param>
/// <param name="Actual">What is there; null for nothing.</param>
public sealed record HelmDrift(string Cluster, string Kind, string Name, string Path, string? Expected, string? Actual)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Kind} {Name}{(Path.Length == 0 ? "" : $" {Path}")}: {Actual ?? "nothing"} for {Expected ?? "nothing"}";
}
