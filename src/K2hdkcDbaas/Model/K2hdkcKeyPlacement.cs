using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Core.Ring;

namespace K2hdkcDbaas.Model;

/// <summary>Where one key of a ring is.</summary>
public sealed class K2hdkcKeyPlacement
{
    internal K2hdkcKeyPlacement(KeyPlaces places)
    {
        Key = KeyReference.Of(places.Key).ToString();
        Placement = places.Placement;
        Holders = places.Holders;
        Has = places.Has;
        HasOther = places.HasOther;
        Modified = places.Modified;
    }

    /// <summary>The key; text where it is text.</summary>
    public string Key { get; }

    /// <summary>How its copies stand to where they belong.</summary>
    public KeyPlacement Placement { get; }

    /// <summary>The servers that are to have it, the first holder first.</summary>
    public IReadOnlyList<string> Holders { get; }

    /// <summary>The servers that have the newest copy.</summary>
    public IReadOnlyList<string> Has { get; }

    /// <summary>The servers that have another copy.</summary>
    public IReadOnlyList<string> HasOther { get; }

    /// <summary>
    /// When the newest copy was written, by the clock of the server that took the write; null where servers keep no times.
    /// </summary>
    public DateTimeOffset? Modified { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Key} ({Placement})";
}
