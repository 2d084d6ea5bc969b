using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace K2hdkcDbaas.Sandbox.Nodes.Store;

/// <summary>The head of a queue: names of its first and last item, stored as a value of its own.</summary>
/// <param name="First">Key of the item to pop next; empty for an empty queue.</param>
/// <param name="Last">Key of the item pushed last at the end.</param>
internal readonly record struct QueueMarker(ReadOnlyMemory<byte> First, ReadOnlyMemory<byte> Last)
{
    private const int HeadSize = 32;

    public static readonly QueueMarker Empty;

    private static long _count = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000;

    public bool IsEmpty => First.IsEmpty;

    /// <summary>Key that a queue's marker is stored under.</summary>
    public static byte[] KeyOf(ReadOnlySpan<byte> prefix) => [.. prefix, .. "MARKER\0"u8];

    /// <summary>A new item key: prefix, then a thread number, seconds and a counter in hexadecimal, as the servers make them.</summary>
    public static byte[] NewItemKey(ReadOnlySpan<byte> prefix)
    {
        var count = Interlocked.Increment(ref _count);
        var name = string.Create(CultureInfo.InvariantCulture,
            $"{Environment.CurrentManagedThreadId:X16}_{count / 1_000_000_000:X16}_{count % 1_000_000_000:X16}\0");
        return [.. prefix, .. Encoding.ASCII.GetBytes(name)];
    }

    /// <summary>Reads a stored marker; anything that is none counts as an empty queue.</summary>
    public static QueueMarker Read(ReadOnlyMemory<byte> value)
    {
        if (value.Length < HeadSize) return Empty;
        var first = BinaryPrimitives.ReadUInt64LittleEndian(value.Span);
        var last = BinaryPrimitives.ReadUInt64LittleEndian(value.Span[16..]);
        var room = (ulong)(value.Length - HeadSize);
        if (first == 0 || first > room || last != room - first) return Empty;
        return new QueueMarker(value.Slice(HeadSize, (int)first), value.Slice(HeadSize + (int)first, (int)last));
    }

    public QueueMarker PushLast(byte[] item) => IsEmpty ? new QueueMarker(item, item) : this with { Last = item };

    public QueueMarker PushFirst(byte[] item) => IsEmpty ? new QueueMarker(item, item) : this with { First = item };

    public QueueMarker PopFirst(ReadOnlyMemory<byte> next) => next.IsEmpty ? Empty : this with { First = next };

    public byte[] ToArray()
    {
        var value = new byte[HeadSize + First.Length + Last.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(value, (ulong)First.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(value.AsSpan(8), HeadSize);
        BinaryPrimitives.WriteUInt64LittleEndian(value.AsSpan(16), (ulong)Last.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(value.AsSpan(24), (ulong)(HeadSize + First.Length));
        First.Span.CopyTo(value.AsSpan(HeadSize));
        Last.Span.CopyTo(value.AsSpan(HeadSize + First.Length));
        return value;
    }
}
