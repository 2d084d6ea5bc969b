using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace K2hdkcDbaas.OpenStack.Configuration;

/// <summary>
/// Reads a file's mapping as PyYAML's safe_load does, which reads clouds.yaml for openstacksdk: of a key that is written twice the last
/// counts, and of a merge (<c>&lt;&lt;</c>) what is written beside it wins, before or after it. Of a list of merged maps the first wins, of
/// several merges the last.
/// </summary>
internal sealed class YamlFile(TextReader reader)
{
    private const int MaxNodes = 100_000;

    private readonly Parser _parser = new(reader);
    private readonly Dictionary<AnchorName, object?> _anchors = [];
    private int _budget = MaxNodes;

    /// <summary>The first document's mapping; an empty one for an empty file, null for anything else.</summary>
    /// <exception cref="YamlException">It is no YAML, or grows without end.</exception>
    public YamlMap? Read()
    {
        _parser.Consume<StreamStart>();
        return _parser.TryConsume<DocumentStart>(out _) ? Value() switch
        {
            YamlMap map => map,
            null => [],
            _ => null,
        }
        : [];
    }

    private object? Value()
    {
        Spend();
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return _anchors.TryGetValue(alias.Value, out var known)
                ? Copy(known)
                : throw new YamlException(alias.Start, alias.End, "unknown anchor");
        }
        var anchor = ((NodeEvent)_parser.Current!).Anchor;
        object? value;
        if (_parser.TryConsume<Scalar>(out var scalar))
        {
            value = scalar.Style == ScalarStyle.Plain && scalar.Value is "null" or "~" or "" ? null : scalar.Value;
        }
        else if (_parser.TryConsume<SequenceStart>(out _))
        {
            var items = new List<object?>();
            while (!_parser.TryConsume<SequenceEnd>(out _)) items.Add(Value());
            value = items;
        }
        else
        {
            value = Map();
        }
        if (!anchor.IsEmpty) _anchors[anchor] = value;
        return value;
    }

    private YamlMap Map()
    {
        _parser.Consume<MappingStart>();
        var own = new YamlMap();
        var merged = new List<YamlMap>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var isMerge = _parser.Current is Scalar { Value: "<<", Style: ScalarStyle.Plain };
            var key = Value();
            var value = Value();
            // What is no mapping has nothing to merge; the cloud it stands in then lacks it, and the others stay usable.
            if (isMerge) merged.InsertRange(0, (value is List<object?> list ? list : [value]).OfType<YamlMap>());
            else if (key is string name) own[name] = value;
        }
        foreach (var (name, value) in merged.SelectMany(m => m)) own.TryAdd(name, value);
        return own;
    }

    // Each use of an anchor is a thing of its own: what is laid over one cloud must not show in another.
    private object? Copy(object? value)
    {
        Spend();
        switch (value)
        {
            case YamlMap map:
                var copy = new YamlMap();
                foreach (var (name, inner) in map) copy[name] = Copy(inner);
                return copy;
            case List<object?> list:
                return list.ConvertAll(Copy);
            default:
                return value;
        }
    }

    // Aliases can make a small file grow without end.
    private void Spend()
    {
        if (--_budget < 0) throw new YamlException("too large");
    }
}
