using System.Buffers.Binary;

namespace K2hdkcDbaas.Client.Model;

/// <summary>
/// The marker of a queue: which item is next. Servers keep it under the queue's name followed by <c>MARKER</c> and a NUL: four numbers in
/// their byte order (length and position of the first and of the last item's key), then the two keys (k2hash: <c>K2HMARKER</c>).
/// </summary>
internal static class QueueHead
{
    private const int HeadSize = 32;

    /// <summary>The key of a queue's marker. The server of the queue's name has it, and those of this key have copies.</summary>
    /// <param name="queue">The queue's name.</param>
    public static byte[] MarkerOf(ReadOnlyMemory<byte> queue) => [.. queue.Span, .. "MARKER\0"u8];

    /// <summary>The key of the item that a pop would take; empty for an empty queue, or for bytes that are no marker.</summary>
    /// <param name="marker">The marker's value.</param>
    public static ReadOnlyMemory<byte> Next(ReadOnlyMemory<byte> marker)
    {
        if (marker.Length < HeadSize) return default;
        var length = BinaryPrimitives.ReadUInt64LittleEndian(marker.Span);
        var at = BinaryPrimitives.ReadUInt64LittleEndian(marker.Span[8..]);
        if (length == 0 || at < HeadSize || at > (ulong)marker.Length || length > (ulong)marker.Length - at) return default;
        return marker.Slice((int)at, (int)length);
    }
}
