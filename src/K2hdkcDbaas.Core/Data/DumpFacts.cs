using System.Globalization;
using K2hdkcDbaas.Protocol.Hashing;

namespace K2hdkcDbaas.Core.Data;

/// <summary>
/// The few lines of a control port's DUMP that nothing else tells; null where it does not either. Source: chmpx's CHMINFO and CHMPXMAN
/// dumps.
/// </summary>
internal readonly record struct DumpFacts(NodeIdType? IdType, bool IsRandom, int? Replicas, bool HoldsMerges)
{
    public static DumpFacts Read(string text)
    {
        var facts = default(DumpFacts);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var equals = line.IndexOf('=');
            if (equals < 0) continue;
            var value = line[(equals + 1)..].Trim();
            facts = line[..equals].Trim() switch
            {
                "chmpxid_type" when facts.IdType is null => facts with { IdType = IdTypeOf(value) },
                "is_random_deliver" => facts with { IsRandom = value.StartsWith("true", StringComparison.OrdinalIgnoreCase) },
                "suspend automerge" => facts with { HoldsMerges = value is "yes" },
                "replica_count" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count < 1024 =>
                    facts with { Replicas = count },
                _ => facts,
            };
        }

        return facts;
    }

    private static NodeIdType? IdTypeOf(ReadOnlySpan<char> word) => word.ToString().ToUpperInvariant() switch
    {
        "NAME" => NodeIdType.Name,
        "CUK" => NodeIdType.Cuk,
        "CUSTOM" => NodeIdType.Custom,
        "CTLENDPOINTS" or "CTLEPS" => NodeIdType.ControlEndpoints,
        _ => null,
    };
}
