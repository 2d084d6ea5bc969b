using System.Text.Json.Nodes;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Backends.Helm;

/// <summary>A release to be made, with its chart at hand and checked. Its values hold a secret: no record.</summary>
internal sealed class ReleasePlan(string name, string chart, IReadOnlyList<string> files, JsonObject values, HelmChartFolder folder)
    : IDisposable
{
    public string Name => name;

    public string Chart => chart;

    public IReadOnlyList<string> Files => files;

    public JsonObject Values => values;

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();
}
