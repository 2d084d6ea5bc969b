using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Api;

/// <summary>
/// Bodies in Kubernetes' protobuf form, which client-go's typed clients write (helm its release secrets, kubectl its reviews and
/// evictions and what its create commands make). Types and fields that are not in <see cref="ProtobufTypes"/> are refused.
/// </summary>
internal static class ProtobufBody
{
    public const string ContentType = "application/vnd.kubernetes.protobuf";

    private static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    /// <summary>The object in a body.</summary>
    /// <exception cref="KubeFault">The bytes are no such body (400), or of a type that is not known here (415).</exception>
    public static JsonObject Read(ReadOnlyMemory<byte> body)
    {
        if (!body.Span.StartsWith(Magic))
            throw KubeFault.BadRequest("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        try
        {
            var (version, kind, raw) = ("", "", ReadOnlyMemory<byte>.Empty);
            var rest = body[Magic.Length..];
            while (Next(ref rest, out var number, out _, out var content))
            {
                if (number == 2) raw = content;
                if (number != 1) continue;
                while (Next(ref content, out var inner, out _, out var text))
                {
                    if (inner == 1) version = Encoding.UTF8.GetString(text.Span);
                    if (inner == 2) kind = Encoding.UTF8.GetString(text.Span);
                }
            }
            if (!ProtobufTypes.All.ContainsKey(kind))
                throw new KubeFault(415, "UnsupportedMediaType",
                    $"the sandbox reads no {kind} in protobuf; accepted media types include: application/json");
            var obj = Message(raw, kind);
            (obj["apiVersion"], obj["kind"]) = (version, kind);
            return obj;
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw KubeFault.BadRequest("unable to decode the protobuf message: " + e.Message);
        }
    }

    private static JsonObject Message(ReadOnlyMemory<byte> bytes, string type)
    {
        var obj = new JsonObject();
        var fields = ProtobufTypes.All[type];
        while (Next(ref bytes, out var number, out var value, out var content))
        {
            // What is left out unseen would be another object than the client meant.
            if (!fields.TryGetValue(number, out var field))
                throw new KubeFault(415, "UnsupportedMediaType",
                    $"the sandbox reads no field {number} of {type} in protobuf; accepted media types include: application/json");
            switch (field.Type[0])
            {
                case '-':
                    break;
                case '{':
                    var (key, item) = ("", (JsonNode)"");
                    while (Next(ref content, out var part, out _, out var inner))
                    {
                        if (part == 1) key = Encoding.UTF8.GetString(inner.Span);
                        else item = Scalar(field.Type[1..^1], 0, inner)!;
                    }
                    if (obj[field.Name] is not JsonObject map) obj[field.Name] = map = [];
                    map[key] = item;
                    break;
                case '[':
                    if (obj[field.Name] is not JsonArray list) obj[field.Name] = list = [];
                    list.Add(Scalar(field.Type[1..^1], value, content));
                    break;
                default:
                    // What is empty was not set: Go writes even that.
                    var set = Scalar(field.Type, value, content);
                    if (set is not null && !(set is JsonValue v && v.AsText() == "")) obj[field.Name] = set;
                    break;
            }
        }
        return obj;
    }

    private static JsonNode? Scalar(string type, ulong value, ReadOnlyMemory<byte> content)
    {
        switch (type)
        {
            case "s":
                return Encoding.UTF8.GetString(content.Span);
            case "y":
                return Convert.ToBase64String(content.Span);
            case "i":
                return value == 0 ? null : (int)(long)value;
            case "I":
                return (int)(long)value;
            case "b":
                return value == 0 ? null : true;
            case "B":
                return value != 0;
            case "q":
                return Message(content, "Quantity")["string"]?.DeepClone();
            case "v":
                var either = Message(content, "IntOrString");
                return either["type"] is null ? either.Number(0, "number") : either.Text("text");
            case "t":
                long seconds = 0;
                while (Next(ref content, out var number, out var part, out _))
                {
                    if (number == 1) seconds = (long)part;
                }
                return seconds > 0 ? DateTimeOffset.FromUnixTimeSeconds(seconds).Seconds() : null;
            default:
                return Message(content, type);
        }
    }

    private static bool Next(ref ReadOnlyMemory<byte> bytes, out int number, out ulong value, out ReadOnlyMemory<byte> content)
    {
        (number, value, content) = (0, 0, default);
        if (bytes.IsEmpty) return false;
        var tag = Varint(ref bytes);
        number = (int)(tag >> 3);
        switch (tag & 7)
        {
            case 0:
                value = Varint(ref bytes);
                break;
            case 1:
                value = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span);
                bytes = bytes[8..];
                break;
            case 2:
                var length = checked((int)Varint(ref bytes));
                content = bytes[..length];
                bytes = bytes[length..];
                break;
            case 5:
                value = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span);
                bytes = bytes[4..];
                break;
            default:
                throw new ArgumentException("proto: illegal wireType");
        }
        return true;
    }

    private static ulong Varint(ref ReadOnlyMemory<byte> bytes)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = bytes.Span[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }
        throw new ArgumentException("proto: integer overflow");
    }
}
