
namespace K2hdkcDbaas.Core.Ring;

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
    public override string ToString() =>
        $"{Keys} keys: {Hidden} hidden, {CopiesMissing} with a copy missing, {Differing} differing, {Strays} stray copies; {Written} "
            + $"copies written, {Removed} removed";
}
