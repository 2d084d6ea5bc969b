using System.Buffers.Binary;
using System.Text;

namespace K2hdkcDbaas.Protocol.Values;

/// <summary>One attribute of a key.</summary>
/// <param name="Name">Its name; built-in names end with a NUL.</param>
/// <param name="Value">Its value.</param>
public readonly record struct KeyAttribute(ReadOnlyMemory<byte> Name, ReadOnlyMemory<byte> Value)
{
    /// <summary>The name as text, without a trailing NUL.</summary>
    public string DisplayName => Encoding.UTF8.GetString(Name.Span.TrimEnd((byte)0));

    /// <summary>Whether it has this name, NUL or not.</summary>
    /// <param name="name">A name from <see cref="AttributeNames"/> or any other.</param>
    public bool Is(string name) => DisplayName == name;

    /// <summary>The time that the value holds, for <c>mtime</c> and <c>expire</c>.</summary>
    /// <param name="time">The time.</param>
    /// <returns>False when the value has not the form of a time.</returns>
    public bool TryGetTime(out DateTimeOffset time)
    {
        time = default;
        if (Value.Length != 16) return false;
        var seconds = BinaryPrimitives.ReadInt64LittleEndian(Value.Span);
        var nanoseconds = BinaryPrimitives.ReadInt64LittleEndian(Value.Span[8..]);
        if (seconds is < -62135596800 or > 253402300799 || nanoseconds is < 0 or > 999_999_999) return false;
        time = DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanoseconds / 100);
        return true;
    }

    /// <summary>A time as an attribute's value: seconds and nanoseconds, 16 bytes.</summary>
    /// <param name="time">The time.</param>
    public static byte[] EncodeTime(DateTimeOffset time)
    {
        var value = new byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(value, time.ToUnixTimeSeconds());
        BinaryPrimitives.WriteInt64LittleEndian(
            value.AsSpan(8), (time.UtcTicks % TimeSpan.TicksPerSecond + TimeSpan.TicksPerSecond) % TimeSpan.TicksPerSecond * 100);
        return value;
    }
}
