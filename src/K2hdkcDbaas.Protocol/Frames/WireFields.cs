using System.Buffers.Binary;
using System.Text;

namespace K2hdkcDbaas.Protocol.Frames;

/// <summary>The recurring fields of control messages: big-endian numbers, C strings in fixed places, host and port pairs.</summary>
internal static class WireFields
{
    public const int HostLength = 1025;
    public const int PairLength = HostLength + 2;
    public const int PairsPerList = 4;
    public const int PairListLength = PairsPerList * PairLength;

    public static ulong UInt64(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt64BigEndian(bytes[offset..]);

    public static void PutUInt64(Span<byte> bytes, int offset, ulong value) =>
        BinaryPrimitives.WriteUInt64BigEndian(bytes[offset..], value);

    /// <summary>Ports are signed 16-bit: -1 is none, other negative values are ports above 32767.</summary>
    public static int Port(ReadOnlySpan<byte> bytes, int offset)
    {
        var port = BinaryPrimitives.ReadInt16BigEndian(bytes[offset..]);
        return port == -1 ? -1 : (ushort)port;
    }

    public static void PutPort(Span<byte> bytes, int offset, int port) =>
        BinaryPrimitives.WriteInt16BigEndian(bytes[offset..], unchecked((short)port));

    /// <summary>A string in a fixed place ends at its first NUL: what follows is whatever was in the sender's memory.</summary>
    public static string Text(ReadOnlySpan<byte> place)
    {
        var end = place.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? place : place[..end]);
    }

    public static void PutText(Span<byte> place, string text, string field)
    {
        if (Encoding.UTF8.GetByteCount(text) >= place.Length)
            throw new ArgumentException(
                $"The {field} '{text[..Math.Min(text.Length, 64)]}' is longer than the {place.Length - 1} bytes that a record holds.",
                nameof(text));
        place.Clear();
        Encoding.UTF8.GetBytes(text, place);
    }

    public static IReadOnlyList<HostPort> Pairs(ReadOnlySpan<byte> list)
    {
        List<HostPort>? pairs = null;
        for (var i = 0; i < PairsPerList; i++)
        {
            var place = list.Slice(i * PairLength, PairLength);
            if (place[0] != 0) (pairs ??= []).Add(new HostPort(Text(place[..HostLength]), Port(place, HostLength)));
        }

        return pairs ?? (IReadOnlyList<HostPort>)[];
    }

    public static void PutPairs(Span<byte> list, IReadOnlyList<HostPort> pairs)
    {
        if (pairs.Count > PairsPerList)
            throw new ArgumentException($"A record holds at most {PairsPerList} endpoints or peers of a kind; {pairs.Count} were given.",
                nameof(pairs));
        for (var i = 0; i < PairsPerList; i++)
        {
            var pair = i < pairs.Count ? pairs[i] : HostPort.Empty;
            var place = list.Slice(i * PairLength, PairLength);
            PutText(place[..HostLength], pair.Host, "endpoint host");
            PutPort(place, HostLength, pair.Port);
        }
    }
}
