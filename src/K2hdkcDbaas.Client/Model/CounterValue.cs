using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace K2hdkcDbaas.Client.Model;

/// <summary>An unsigned counter: 1, 2, 4 or 8 bytes in the servers' byte order, which is little-endian.</summary>
public readonly record struct CounterValue
{
    /// <summary>Makes a counter.</summary>
    /// <param name="value">The value; must fit the width.</param>
    /// <param name="width">The width.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value does not fit.</exception>
    public CounterValue(ulong value, CounterWidth width = CounterWidth.Bits64)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Mask(width));
        Value = value;
        Width = width;
    }

    /// <summary>The value.</summary>
    public ulong Value { get; }

    /// <summary>The width.</summary>
    public CounterWidth Width { get; }

    /// <summary>Reads a counter.</summary>
    /// <param name="bytes">The stored bytes.</param>
    /// <param name="counter">The counter.</param>
    /// <returns>False when there are not 1, 2, 4 or 8 bytes.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out CounterValue counter)
    {
        counter = default;
        if (bytes.Length is not (1 or 2 or 4 or 8)) return false;
        Span<byte> wide = stackalloc byte[8];
        wide.Clear();
        bytes.CopyTo(wide);
        counter = new CounterValue(BinaryPrimitives.ReadUInt64LittleEndian(wide), (CounterWidth)bytes.Length);
        return true;
    }

    /// <summary>The stored bytes.</summary>
    public byte[] ToArray()
    {
        Span<byte> wide = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(wide, Value);
        return wide[..(int)Width].ToArray();
    }

    /// <summary>The counter with something added, wrapped at its width.</summary>
    /// <param name="delta">What to add.</param>
    public CounterValue Plus(long delta) => new(unchecked(Value + (ulong)delta) & Mask(Width), Width);

    /// <summary>
    /// The text that the bytes are, where they can hardly be a counter: 8 printable ASCII characters, or 7 and a NUL, as other tools store
    /// text. A counter would have got past 9,000,000,000,000,000 to look so. In fewer bytes a text cannot be told from a counter. Null for
    /// what may be one.
    /// </summary>
    public string? AsText
    {
        get
        {
            if (Width != CounterWidth.Bits64) return null;
            var bytes = ToArray();
            var length = bytes[^1] == 0 ? bytes.Length - 1 : bytes.Length;
            return bytes.AsSpan(0, length).ContainsAnyExceptInRange((byte)' ', (byte)'~')
                ? null
                : Encoding.ASCII.GetString(bytes, 0, length);
        }
    }

    /// <summary>
    /// Whether adding something to the counter goes past its width, or below zero: it then starts again from the other end.
    /// </summary>
    /// <param name="delta">What to add.</param>
    public bool Wraps(long delta) => delta < 0 ? (ulong)-(delta + 1) >= Value : (ulong)delta > Mask(Width) - Value;

    /// <summary>The value in decimal.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    private static ulong Mask(CounterWidth width) => width switch
    {
        CounterWidth.Bits8 => byte.MaxValue,
        CounterWidth.Bits16 => ushort.MaxValue,
        CounterWidth.Bits32 => uint.MaxValue,
        CounterWidth.Bits64 => ulong.MaxValue,
        _ => throw new ArgumentOutOfRangeException(nameof(width), width, "A counter is 1, 2, 4 or 8 bytes wide."),
    };
}
