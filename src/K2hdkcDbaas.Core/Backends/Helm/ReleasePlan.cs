using System.Text.Json.Nodes;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Backends.Helm;

/// <summary>A release to be made, with its chart at hand and checked. Its values hold a secret: no record.</summary>
internal sealed class ReleasePlan(string name, string chart, IReadOnlyList<string> files, JsonObject values, HelmChartFolder folder)
    : IDisposable
{
    public string Name => name;

    public string Chart => chart;

    /// <summary>Files with values, the weakest first.</summary>
    public IReadOnlyList<string> Files => files;

    public JsonObject Values => values;

    /// <summary>Whether the values had to be led to the K2HR3 that was made here.</summary>
    public bool IsLed { get; init; }

    /// <summary>K2HR3's authority as the pods mount it, where it has to be made first; null for nothing.</summary>
    public KubernetesObject? Authority { get; init; }

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();
}
