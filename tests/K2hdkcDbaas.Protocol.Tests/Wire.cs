using System.Buffers;

namespace K2hdkcDbaas.Protocol.Tests;

/// <summary>The captured packets, and ways to feed them.</summary>
internal static class Wire
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "wire");

    public static IEnumerable<string> Names =>
        Directory.GetFiles(Folder, "*.bin").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal);

    public static byte[] Packet(string name) => File.ReadAllBytes(Path.Combine(Folder, name + ".bin"));

    public static ReadOnlyMemory<byte> Payload(string name) => Packet(name).AsMemory(Frames.FrameHeader.Size);

    /// <summary>The bytes as two segments, cut at an offset.</summary>
    public static ReadOnlySequence<byte> Split(ReadOnlyMemory<byte> bytes, int at)
    {
        var first = new Segment(bytes[..at], 0);
        var last = new Segment(bytes[at..], at);
        first.Append(last);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index)
        {
            Memory = memory;
            RunningIndex = index;
        }

        public void Append(Segment next) => Next = next;
    }
}
