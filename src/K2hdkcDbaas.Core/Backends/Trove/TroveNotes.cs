using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using K2hdkcDbaas.Core.Backups;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Backends.Trove;

/// <summary>
/// What a Trove backup tells of itself in its description, of which Trove takes 255 characters: <c>k2hdkc NAME=VALUE ... | note</c>. Values
/// have blanks and '%' encoded as in URLs.
/// </summary>
internal sealed partial record TroveNotes(string Set, string Cluster, string Node)
{
    /// <summary>How many nodes the cluster had; null in descriptions of older versions.</summary>
    public int? SetSize { get; init; }

    /// <summary>The id of the cluster's configuration group.</summary>
    public string? Group { get; init; }

    /// <summary>The size of the node's data volume in GiB.</summary>
    public int? Volume { get; init; }

    /// <summary>The cluster's ports.</summary>
    public ClusterPorts? Ports { get; init; }

    /// <summary>The group's other settings, by their names.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The user's own note.</summary>
    public string? Note { get; init; }

    /// <summary>The description. A setting that does not fit any more is left out.</summary>
    /// <param name="left">Gets the names of the settings that are left out.</param>
    /// <exception cref="DbaasException"><c>InvalidRequest</c>: too long without any settings.</exception>
    public string Write(ICollection<string> left)
    {
        var text = new StringBuilder("k2hdkc");
        void Add(string name, string? value)
        {
            if (value is not null)
                text.Append(' ').Append(name).Append('=').Append(Special().Replace(value, m => Uri.EscapeDataString(m.Value)));
        }

        Add("set", Set);
        Add("cluster", Cluster);
        Add("node", Node);
        Add("of", Number(SetSize));
        Add("group", Group);
        Add("volume", Number(Volume));
        if (Ports is { } ports && ports != new ClusterPorts())
            Add("ports", $"{Number(ports.Server)}/{Number(ports.ServerControl)}/{Number(ports.SlaveControl)}");
        var note = string.IsNullOrWhiteSpace(Note) ? "" : " | " + Note;
        if (text.Length + note.Length > BackupNotes.MaxLength)
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest,
                $"What is kept in the description of the backup of '{Node}' would have {text.Length + note.Length} characters, and Trove "
                    + $"takes {BackupNotes.MaxLength}; nothing was changed.",
                note.Length > 0 ? "Give a shorter -Description or -SetName." : "Give a shorter -SetName.")
            { Target = Node };
        foreach (var (name, value) in Settings)
        {
            var before = text.Length;
            Add(name, value);
            if (text.Length + note.Length <= BackupNotes.MaxLength) continue;
            text.Length = before;
            left.Add(name);
        }
        return text.Append(note).ToString();
    }

    /// <summary>Reads such a description, and those of older versions; null for that of another tool.</summary>
    public static TroveNotes? Read(string? description)
    {
        if (description is null || !description.StartsWith("k2hdkc ", StringComparison.Ordinal)) return null;
        var bar = description.IndexOf(" | ", StringComparison.Ordinal);
        var values = new Dictionary<string, string>();
        foreach (var word in description[..(bar < 0 ? description.Length : bar)].Split(' ').Skip(1))
        {
            if (word.IndexOf('=', StringComparison.Ordinal) is var at and > 0)
                values[word[..at]] = Uri.UnescapeDataString(word[(at + 1)..]);
        }
        if (!values.Remove("set", out var set) || !values.Remove("cluster", out var cluster) || !values.Remove("node", out var node))
            return null;
        values.Remove("of", out var of);
        values.Remove("group", out var group);
        values.Remove("volume", out var volume);
        values.Remove("ports", out var ports);
        return new TroveNotes(set, cluster, node)
        {
            SetSize = Number(of),
            Group = group,
            Volume = Number(volume),
            // Only such as differ from the defaults are written; a description without a size is older than that.
            Ports = ports?.Split('/').Select(Number).ToArray() is [{ } server, { } control, { } slave]
                ? new ClusterPorts { Server = server, ServerControl = control, SlaveControl = slave }
                : of is null ? null : new ClusterPorts(),
            Settings = values,
            Note = bar < 0 ? null : description[(bar + 3)..],
        };
    }

    private static string? Number(int? value) => value?.ToString(CultureInfo.InvariantCulture);

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex(@"[\s%]")]
    private static partial Regex Special();
}
