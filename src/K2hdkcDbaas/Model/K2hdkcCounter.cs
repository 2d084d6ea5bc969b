using K2hdkcDbaas.Binding;

namespace K2hdkcDbaas.Model;

/// <summary>A counter.</summary>
public sealed class K2hdkcCounter : IKeyBearer
{
    /// <summary>The key.</summary>
    public required object Key { get; init; }

    /// <summary>The value.</summary>
    public ulong Value { get; init; }

    /// <summary>How many bits it has: 8, 16, 32 or 64.</summary>
    public int Width { get; init; }

    /// <summary>Whether the key is text stored without the usual trailing NUL.</summary>
    public bool IsBare { get; init; }

    KeyReference? IKeyBearer.Reference => KeyReference.Of(Key, IsBare);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
