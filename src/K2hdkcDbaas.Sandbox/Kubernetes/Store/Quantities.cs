using System.Globalization;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Store;

/// <summary>Quantities of resources: 500m, 2, 1Gi.</summary>
internal static class Quantities
{
    private static readonly (string Suffix, decimal Factor)[] Suffixes =
    [
        ("Ki", 1024m), ("Mi", 1024m * 1024), ("Gi", 1024m * 1024 * 1024), ("Ti", 1024m * 1024 * 1024 * 1024),
        ("Pi", 1024m * 1024 * 1024 * 1024 * 1024),
        ("n", 0.000000001m), ("u", 0.000001m), ("m", 0.001m), ("k", 1000m), ("M", 1000_000m), ("G", 1000_000_000m),
        ("T", 1000_000_000_000m), ("P", 1000_000_000_000_000m),
    ];

    public static bool TryRead(string text, out decimal value)
    {
        foreach (var (suffix, factor) in Suffixes)
        {
            if (!text.EndsWith(suffix, StringComparison.Ordinal)) continue;
            if (!decimal.TryParse(text[..^suffix.Length], NumberStyles.Float, CultureInfo.InvariantCulture, out value)) return false;
            value *= factor;
            return true;
        }
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>The value of a node that is a quantity; 0 without one.</summary>
    public static decimal Read(System.Text.Json.Nodes.JsonNode? node) =>
        node is not null && TryRead(node.AsText() ?? node.ToJsonString(), out var value) ? value : 0;
}
