namespace K2hdkcDbaas.Commands;

/// <summary>A counter.</summary>
public sealed class K2hdkcCounter
{
    /// <summary>The key.</summary>
    public required object Key { get; init; }

    /// <summary>The value.</summary>
    public ulong Value { get; init; }

    /// <summary>How many bits it has: 8, 16, 32 or 64.</summary>
    public int Width { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
