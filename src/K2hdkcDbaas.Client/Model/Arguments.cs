using K2hdkcDbaas.Client.Managed;

namespace K2hdkcDbaas.Client.Model;

/// <summary>Checks of what callers pass, the same for both transports.</summary>
internal static class Arguments
{
    public static void Key(ReadOnlyMemory<byte> key, string what = "key")
    {
        if (key.IsEmpty) throw ClientErrors.Invalid($"The {what} is empty.", "Give at least one byte.");
    }

    public static void Range(long offset, long length)
    {
        if (offset < 0) throw ClientErrors.Invalid($"The offset {offset} is negative.", "Start at 0 or later.");
        if (length <= 0) throw ClientErrors.Invalid("The range has no bytes.", "Give at least one byte.");
    }

    public static void SameWidth(CounterValue expected, CounterValue value)
    {
        if (expected.Width != value.Width)
            throw ClientErrors.Invalid($"The expected value is {(int)expected.Width} bytes wide, the new one {(int)value.Width}.",
                "A counter keeps its width: give both alike.");
    }

    /// <summary>Whole seconds, rounded up; the servers know no less.</summary>
    public static long? Seconds(TimeSpan? expiresIn)
    {
        if (expiresIn is not { } time) return null;
        if (time <= TimeSpan.Zero)
            throw ClientErrors.Invalid($"The expiry {time} is not in the future.",
                "Give a time of at least one second, or remove the key.");
        return (long)Math.Ceiling(time.TotalSeconds);
    }
}
