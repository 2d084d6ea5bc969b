using System.Buffers.Binary;
using System.Globalization;

namespace K2hdkcDbaas.Protocol.Values;

/// <summary>
/// A time as servers store it (<c>struct timespec</c>), to the nanosecond: two writes of one key are told apart by nothing else.
/// </summary>
/// <param name="Seconds">Whole seconds since 1970 (UTC).</param>
/// <param name="Nanoseconds">Nanoseconds within the second.</param>
public readonly record struct StoredTime(long Seconds, long Nanoseconds) : IComparable<StoredTime>
{
    /// <summary>Before every write; also the time of a copy that has none.</summary>
    public static readonly StoredTime None;

    /// <summary>Whether the first is earlier.</summary>
    public static bool operator <(StoredTime left, StoredTime right) => left.CompareTo(right) < 0;

    /// <summary>Whether the first is later.</summary>
    public static bool operator >(StoredTime left, StoredTime right) => left.CompareTo(right) > 0;

    /// <summary>Whether the first is not later.</summary>
    public static bool operator <=(StoredTime left, StoredTime right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the first is not earlier.</summary>
    public static bool operator >=(StoredTime left, StoredTime right) => left.CompareTo(right) >= 0;

    /// <summary>A time of this host's clock.</summary>
    /// <param name="time">The time.</param>
    public static StoredTime From(DateTimeOffset time) => new(time.ToUnixTimeSeconds(), time.UtcTicks % TimeSpan.TicksPerSecond * 100);

    /// <summary>Reads the 16 bytes of an attribute's value.</summary>
    /// <param name="value">The value, little-endian.</param>
    /// <param name="time">The time.</param>
    public static bool TryRead(ReadOnlySpan<byte> value, out StoredTime time)
    {
        time = None;
        if (value.Length != 16) return false;
        time = new StoredTime(BinaryPrimitives.ReadInt64LittleEndian(value), BinaryPrimitives.ReadInt64LittleEndian(value[8..]));
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(StoredTime other)
    {
        var bySeconds = Seconds.CompareTo(other.Seconds);
        return bySeconds != 0 ? bySeconds : Nanoseconds.CompareTo(other.Nanoseconds);
    }

    /// <summary>The time for this host's clock; null when there is none, or it is out of range.</summary>
    public DateTimeOffset? ToDateTimeOffset() =>
        this == None || Seconds is < -62135596800 or > 253402300799
            ? null
            : DateTimeOffset.FromUnixTimeSeconds(Seconds).AddTicks(Math.Clamp(Nanoseconds, 0, 999_999_999) / 100);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seconds}.{Nanoseconds:000000000}");
}
