
namespace K2hdkcDbaas.Core.Ring;

/// <summary>How the copies of a key stand to where they belong.</summary>
public enum KeyPlacement
{
    /// <summary>Every holder has the same copy, and nobody else has one.</summary>
    Ok,

    /// <summary>No server has it.</summary>
    Missing,

    /// <summary>Its first holder does not have it, and another server does: to readers it is gone, or it was removed and came back nowhere yet.</summary>
    Hidden,

    /// <summary>Its first holder has it; a replica does not.</summary>
    CopyMissing,

    /// <summary>Holders have different copies.</summary>
    Differs,

    /// <summary>All holders have it; a server that is no holder has a copy, too, which a later change of the ring could serve.</summary>
    Stray,
}

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

/// <summary>What a look at all copies found, and what was done.</summary>
public sealed record RingFindings
{
    /// <summary>Keys looked at.</summary>
    public long Keys { get; init; }

    /// <summary>Keys whose first holder did not have them.</summary>
    public long Hidden { get; init; }

    /// <summary>Keys that a replica did not have.</summary>
    public long CopiesMissing { get; init; }

    /// <summary>Keys whose holders had different copies.</summary>
    public long Differing { get; init; }

    /// <summary>Copies on servers that are no holders of them.</summary>
    public long Strays { get; init; }

    /// <summary>Copies written.</summary>
    public long Written { get; init; }

    /// <summary>Copies removed from servers that are no holders, or of keys that were removed while the ring changed.</summary>
    public long Removed { get; init; }

    /// <summary>Keys that were removed while the ring changed, and were kept from coming back.</summary>
    public long KeptRemoved { get; init; }

    /// <summary>Whether every key is where it belongs.</summary>
    public bool IsSound => Hidden == 0 && CopiesMissing == 0 && Differing == 0;

    /// <summary>Adds two findings.</summary>
    public static RingFindings operator +(RingFindings left, RingFindings right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new RingFindings
        {
            Keys = left.Keys + right.Keys,
            Hidden = left.Hidden + right.Hidden,
            CopiesMissing = left.CopiesMissing + right.CopiesMissing,
            Differing = left.Differing + right.Differing,
            Strays = left.Strays + right.Strays,
            Written = left.Written + right.Written,
            Removed = left.Removed + right.Removed,
            KeptRemoved = left.KeptRemoved + right.KeptRemoved,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Keys} keys: {Hidden} hidden, {CopiesMissing} with a copy missing, {Differing} differing, {Strays} stray copies; {Written} copies written, {Removed} removed";
}
