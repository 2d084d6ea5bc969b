
namespace K2hdkcDbaas.Core.Ring;

/// <summary>Where one key is.</summary>
/// <param name="Key">The key as stored.</param>
/// <param name="Placement">How its copies stand to where they belong.</param>
public sealed record KeyPlaces(ReadOnlyMemory<byte> Key, KeyPlacement Placement)
{
    /// <summary>The servers that are to have it, the first holder first.</summary>
    public IReadOnlyList<string> Holders { get; init; } = [];

    /// <summary>The servers that have the newest copy.</summary>
    public IReadOnlyList<string> Has { get; init; } = [];

    /// <summary>The servers that have another copy.</summary>
    public IReadOnlyList<string> HasOther { get; init; } = [];

    /// <summary>When the newest copy was written; null where servers keep no times.</summary>
    public DateTimeOffset? Modified { get; init; }
}
