namespace K2hdkcDbaas.Protocol.Ring;

/// <summary>When a node's status last changed, as it is sent: seconds since 1970 shifted left by 24 bits, and microseconds below.</summary>
/// <param name="Value">The bits.</param>
public readonly record struct StatusTime(ulong Value) : IComparable<StatusTime>
{
    private const int FractionBits = 24;
    private const ulong FractionMask = (1 << FractionBits) - 1;
    private const long OldStyleBlock = 365 * 86400;

    /// <summary>The whole seconds; records are compared by these alone.</summary>
    public ulong Seconds => Value >> FractionBits;

    /// <summary>The time as such.</summary>
    public DateTimeOffset Time =>
        DateTimeOffset.FromUnixTimeSeconds((long)Math.Min(Seconds, 253402300799UL))
            .AddTicks((long)Math.Min(Value & FractionMask, 999_999) * TimeSpan.TicksPerMicrosecond);

    /// <summary>Packs a time.</summary>
    /// <param name="time">The time.</param>
    public static StatusTime From(DateTimeOffset time) =>
        new(((ulong)time.ToUnixTimeSeconds() << FractionBits)
            | (ulong)(time.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond));

    /// <summary>
    /// Older nodes send plain seconds; such a value lies far below any packed time of this year and is shifted to be one.
    /// </summary>
    /// <param name="now">The present time.</param>
    public StatusTime Normalised(DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds();
        var blockStart = (ulong)(seconds - (seconds % OldStyleBlock)) << FractionBits;
        return Value < blockStart && Value <= ulong.MaxValue >> FractionBits ? new StatusTime(Value << FractionBits) : this;
    }

    /// <summary>Compares whole seconds, as the servers do.</summary>
    /// <param name="other">The other time.</param>
    public int CompareTo(StatusTime other) => Seconds.CompareTo(other.Seconds);

    /// <summary>Whether the first is an earlier second.</summary>
    public static bool operator <(StatusTime left, StatusTime right) => left.CompareTo(right) < 0;

    /// <summary>Whether the first is a later second.</summary>
    public static bool operator >(StatusTime left, StatusTime right) => left.CompareTo(right) > 0;

    /// <summary>Whether the first is not a later second.</summary>
    public static bool operator <=(StatusTime left, StatusTime right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the first is not an earlier second.</summary>
    public static bool operator >=(StatusTime left, StatusTime right) => left.CompareTo(right) >= 0;
}
