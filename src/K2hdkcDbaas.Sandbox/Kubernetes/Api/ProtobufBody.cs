using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Api;

/// <summary>
/// Bodies in Kubernetes' protobuf form, which client-go's typed clients write (helm its release secrets, kubectl its reviews and
/// evictions). Only the types that those write are known; field numbers are those of the API's generated.proto files.
/// </summary>
internal static class ProtobufBody
{
    public const string ContentType = "application/vnd.kubernetes.protobuf";

    // name=number with s text, i number, b boolean, y bytes (base64 in JSON), t time, {s} and {y} maps, [s] and [Type] lists, or a type.
    private static readonly FrozenDictionary<string, FrozenDictionary<int, (string Name, string Type)>> Types = Read("""
        ObjectMeta: name=1s generateName=2s namespace=3s selfLink=4s uid=5s resourceVersion=6s generation=7i creationTimestamp=8t
          deletionTimestamp=9t deletionGracePeriodSeconds=10i labels=11{s} annotations=12{s} ownerReferences=13[OwnerReference] finalizers=14[s]
        OwnerReference: kind=1s name=3s uid=4s apiVersion=5s controller=6b blockOwnerDeletion=7b
        Secret: metadata=1ObjectMeta data=2{y} type=3s stringData=4{s} immutable=5b
        ConfigMap: metadata=1ObjectMeta data=2{s} binaryData=3{y} immutable=4b
        Namespace: metadata=1ObjectMeta spec=2NamespaceSpec
        NamespaceSpec: finalizers=1[s]
        ServiceAccount: metadata=1ObjectMeta automountServiceAccountToken=4b
        ResourceAttributes: namespace=1s verb=2s group=3s version=4s resource=5s subresource=6s name=7s
        NonResourceAttributes: path=1s verb=2s
        SelfSubjectAccessReview: metadata=1ObjectMeta spec=2SelfSubjectAccessReviewSpec
        SelfSubjectAccessReviewSpec: resourceAttributes=1ResourceAttributes nonResourceAttributes=2NonResourceAttributes
        SubjectAccessReview: metadata=1ObjectMeta spec=2SubjectAccessReviewSpec
        SubjectAccessReviewSpec: resourceAttributes=1ResourceAttributes nonResourceAttributes=2NonResourceAttributes user=3s groups=4[s]
        SelfSubjectRulesReview: metadata=1ObjectMeta spec=2RulesSpec
        RulesSpec: namespace=1s
        SelfSubjectReview: metadata=1ObjectMeta
        DeleteOptions: gracePeriodSeconds=1i preconditions=2Preconditions orphanDependents=3b propagationPolicy=4s dryRun=5[s]
        Preconditions: uid=1s resourceVersion=2s
        Eviction: metadata=1ObjectMeta deleteOptions=2DeleteOptions
        TokenRequest: metadata=1ObjectMeta spec=2TokenRequestSpec
        TokenRequestSpec: audiences=1[s] boundObjectRef=3BoundObject expirationSeconds=4i
        BoundObject: kind=1s apiVersion=2s name=3s uid=4s
        Role: metadata=1ObjectMeta rules=2[PolicyRule]
        ClusterRole: metadata=1ObjectMeta rules=2[PolicyRule]
        PolicyRule: verbs=1[s] apiGroups=2[s] resources=3[s] resourceNames=4[s] nonResourceURLs=5[s]
        RoleBinding: metadata=1ObjectMeta subjects=2[Subject] roleRef=3RoleRef
        ClusterRoleBinding: metadata=1ObjectMeta subjects=2[Subject] roleRef=3RoleRef
        Subject: kind=1s apiGroup=2s name=3s namespace=4s
        RoleRef: apiGroup=1s kind=2s name=3s
        """);

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
            if (!Types.ContainsKey(kind))
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
        var fields = Types[type];
        while (Next(ref bytes, out var number, out var value, out var content))
        {
            if (!fields.TryGetValue(number, out var field)) continue;
            switch (field.Type[0])
            {
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
                return (int)(long)value;
            case "b":
                return value != 0;
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

    private static FrozenDictionary<string, FrozenDictionary<int, (string Name, string Type)>> Read(string text)
    {
        var types = new Dictionary<string, Dictionary<int, (string, string)>>(StringComparer.Ordinal);
        Dictionary<int, (string, string)> current = [];
        foreach (var word in text.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (word[^1] == ':')
            {
                types.Add(word[..^1], current = []);
                continue;
            }
            var parts = word.Split('=');
            var digits = parts[1].TakeWhile(char.IsAsciiDigit).Count();
            current.Add(int.Parse(parts[1][..digits], System.Globalization.CultureInfo.InvariantCulture), (parts[0], parts[1][digits..]));
        }
        return types.ToFrozenDictionary(t => t.Key, t => t.Value.ToFrozenDictionary(), StringComparer.Ordinal);
    }
}
