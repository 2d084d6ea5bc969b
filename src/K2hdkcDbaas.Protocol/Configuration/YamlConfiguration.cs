using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace K2hdkcDbaas.Protocol.Configuration;

/// <summary>The YAML form: the same sections and keys as the JSON form.</summary>
internal static class YamlConfiguration
{
    public static List<ConfigurationSection> Read(string text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new ShallowParser(new Parser(new StringReader(text))));
        }
        catch (YamlException e)
        {
            throw ConfigurationParser.Invalid($"The ring configuration is not YAML: line {e.Start.Line}: {e.Message}", e);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException)
        {
            // The library's scanner lets its own faults out on some broken texts.
            throw ConfigurationParser.Invalid($"The ring configuration is not YAML: {e.Message}", e);
        }

        var sections = new List<ConfigurationSection>();
        foreach (var document in stream.Documents)
        {
            if (document.RootNode is not YamlMappingNode root)
                throw ConfigurationParser.Invalid("The ring configuration is YAML, but not a mapping of sections.");
            foreach (var (key, value) in root.Children)
            {
                var name = Scalar(key);
                if (value is YamlSequenceNode sequence)
                    foreach (var item in sequence.Children) sections.Add(Section(name, item));
                else
                    sections.Add(Section(name, value));
            }
        }

        return sections;
    }

    private static ConfigurationSection Section(string name, YamlNode node)
    {
        if (node is not YamlMappingNode mapping)
            throw ConfigurationParser.Invalid($"The ring configuration's {name} (line {node.Start.Line}) is not a mapping of keys.");
        var section = new ConfigurationSection(name.ToUpperInvariant());
        foreach (var (key, value) in mapping.Children)
            section.Values[Scalar(key)] =
                value is YamlSequenceNode sequence ? string.Join(',', sequence.Children.Select(Scalar)) : Scalar(value);
        return section;
    }

    private static string Scalar(YamlNode node) =>
        node is YamlScalarNode scalar
            ? scalar.Value ?? ""
            : throw ConfigurationParser.Invalid(
                $"Line {node.Start.Line} of the ring configuration holds a structure where a plain value is due.");

    /// <summary>
    /// Refuses deep nesting, and the aliases by which a node can hold itself, before the library's loader, which recurses, meets them.
    /// </summary>
    private sealed class ShallowParser(IParser inner) : IParser
    {
        private const int MaxDepth = 8;

        private int _depth;

        public ParsingEvent? Current => inner.Current;

        public bool MoveNext()
        {
            if (!inner.MoveNext()) return false;
            _depth += inner.Current?.NestingIncrease ?? 0;
            if (_depth > MaxDepth)
                throw new YamlException(inner.Current!.Start, inner.Current.End, "The structure is nested too deeply for a configuration.");
            if (inner.Current is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
                throw new YamlException(inner.Current.Start, inner.Current.End, "Anchors and aliases have no place in a configuration.");
            return true;
        }
    }
}
