namespace K2hdkcDbaas.Kubernetes;

/// <summary>The pods of one kind of a K2HR3 system.</summary>
/// <param name="Name">Their base name, such as <c>r3api</c>: pods, Services and labels are called after it.</param>
/// <param name="Wanted">How many pods are wanted.</param>
/// <param name="Ready">How many are ready.</param>
public sealed record K2hr3SystemPart(string Name, int Wanted, int Ready)
{
    /// <summary>The port by which it is reached from outside; null for none.</summary>
    public int? Port { get; init; }
}
