using System.Buffers.Binary;

namespace K2hdkcDbaas.Sandbox.Nodes.Store;

/// <summary>A <c>struct timespec</c> of the servers: seconds since 1970 and nanoseconds.</summary>
internal readonly record struct WireTime(long Seconds, long Nanoseconds) : IComparable<WireTime>
{
    public const int Size = 16;

    /// <summary>No time at all; earlier than every real one.</summary>
    public static readonly WireTime None = new(long.MinValue, 0);

    public bool IsNone => Seconds == long.MinValue;

    public static WireTime From(DateTimeOffset time) => new(time.ToUnixTimeSeconds(), time.UtcTicks % TimeSpan.TicksPerSecond * 100);

    public static bool TryRead(ReadOnlySpan<byte> bytes, out WireTime time)
    {
        time = None;
        if (bytes.Length != Size) return false;
        time = new WireTime(BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]));
        return !time.IsNone;
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Seconds);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), Nanoseconds);
        return bytes;
    }

    public WireTime AddSeconds(long seconds) => this with { Seconds = unchecked(Seconds + seconds) };

    public int CompareTo(WireTime other) =>
        Seconds != other.Seconds ? Seconds.CompareTo(other.Seconds) : Nanoseconds.CompareTo(other.Nanoseconds);

    public static bool operator <(WireTime left, WireTime right) => left.CompareTo(right) < 0;

    public static bool operator >(WireTime left, WireTime right) => left.CompareTo(right) > 0;

    public static bool operator <=(WireTime left, WireTime right) => left.CompareTo(right) <= 0;

    public static bool operator >=(WireTime left, WireTime right) => left.CompareTo(right) >= 0;
}
