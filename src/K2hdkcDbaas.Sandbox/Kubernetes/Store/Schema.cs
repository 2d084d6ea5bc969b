using System.Collections.Frozen;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Store;

/// <summary>What a field holds.</summary>
internal enum FieldKind
{
    Text,
    Integer,
    Boolean,
    Quantity,
    IntegerOrText,
    Base64,
    Free,
    Object,
    Map,
    List,
}

/// <summary>A field's type.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Type">Name of the object's type; of the items' type in lists of objects.</param>
/// <param name="Item">Kind of the values of a map or list.</param>
/// <param name="Keys">Fields that name an item of a list, for server-side apply; the first is strategic merge's. Empty: the list is
/// replaced as a whole.</param>
/// <param name="IsSet">A list of texts in which each text is an item of its own.</param>
/// <param name="IsAtomic">Objects and maps that server-side apply takes as a whole.</param>
/// <param name="RetainKeys">Strategic merge drops what $retainKeys does not name.</param>
/// <param name="IsRequired">Must be there.</param>
internal sealed record FieldType(
    FieldKind Kind, string? Type, FieldKind Item, IReadOnlyList<string> Keys, bool IsSet, bool IsAtomic, bool RetainKeys, bool IsRequired)
{
    public static FieldType Free { get; } = new(FieldKind.Free, null, FieldKind.Free, [], false, true, false, false);

    /// <summary>A list whose items have names.</summary>
    public bool IsKeyed => Kind == FieldKind.List && Keys.Count > 0;
}

/// <summary>The types of <see cref="SchemaText"/>, read once.</summary>
internal static class Schema
{
    /// <summary>Types by name, each with its fields by name.</summary>
    public static FrozenDictionary<string, FrozenDictionary<string, FieldType>> Types { get; } = Read();

    /// <summary>The field's type; free for one that the type does not have.</summary>
    public static FieldType Field(string? type, string name) =>
        type is not null && Types.TryGetValue(type, out var fields) && fields.TryGetValue(name, out var field)
            ? field : FieldType.Free;

    private static FrozenDictionary<string, FrozenDictionary<string, FieldType>> Read()
    {
        var types = new Dictionary<string, Dictionary<string, FieldType>>(StringComparer.Ordinal);
        Dictionary<string, FieldType> current = [];
        foreach (var word in SchemaText.Text.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (word[^1] == ':')
            {
                types.Add(word[..^1], current = new(StringComparer.Ordinal));
                continue;
            }
            var at = word.IndexOf('=', StringComparison.Ordinal);
            var isRequired = word[at - 1] == '!';
            current.Add(word[..(isRequired ? at - 1 : at)], Parse(word[(at + 1)..], isRequired));
        }
        return types.ToFrozenDictionary(t => t.Key, t => t.Value.ToFrozenDictionary(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    private static FieldType Parse(string text, bool isRequired)
    {
        var retain = text[0] == '~';
        if (retain) text = text[1..];
        var atomic = text[^1] == '@';
        if (atomic) text = text[..^1];
        switch (text[0])
        {
            case '{':
                return new FieldType(FieldKind.Map, null, Scalar(text[1..^1]) ?? FieldKind.Free, [], false, atomic, retain, isRequired);
            case '[':
                var inner = text[1..^1];
                var isSet = inner[^1] == '!';
                if (isSet) inner = inner[..^1];
                var hash = inner.IndexOf('#', StringComparison.Ordinal);
                string[] keys = hash < 0 ? [] : inner[(hash + 1)..].Split(',');
                if (hash >= 0) inner = inner[..hash];
                return Scalar(inner) is { } scalar
                    ? new FieldType(FieldKind.List, null, scalar, [], isSet, !isSet, retain, isRequired)
                    : new FieldType(FieldKind.List, inner, FieldKind.Object, keys, false, keys.Length == 0, retain, isRequired);
            default:
                return Scalar(text) is { } kind
                    ? new FieldType(kind, null, FieldKind.Free, [], false, kind == FieldKind.Free, retain, isRequired)
                    : new FieldType(FieldKind.Object, text, FieldKind.Free, [], false, atomic, retain, isRequired);
        }
    }

    private static FieldKind? Scalar(string text) => text switch
    {
        "s" => FieldKind.Text,
        "i" => FieldKind.Integer,
        "b" => FieldKind.Boolean,
        "q" => FieldKind.Quantity,
        "x" => FieldKind.IntegerOrText,
        "y" => FieldKind.Base64,
        "any" => FieldKind.Free,
        _ => null,
    };
}
