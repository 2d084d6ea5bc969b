using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using K2hdkcDbaas.Faults;

namespace K2hdkcDbaas.Core;

/// <summary>What a backup tells of itself: as properties of a Glance image, or in the description of a Trove backup.</summary>
internal static partial class BackupNotes
{
    public const string Set = "k2hdkc_backup_set";
    public const string Cluster = "k2hdkc_backup_cluster";
    public const string Node = "k2hdkc_backup_node";
    public const string NodeId = "k2hdkc_backup_node_id";
    public const string Seed = "k2hdkc_backup_seed";
    public const string Time = "k2hdkc_backup_time";
    public const string Ring = "k2hdkc_backup_ring";
    public const string Note = "k2hdkc_backup_note";

    /// <summary>A set's name when none was given.</summary>
    public static string DefaultSet(string cluster, DateTimeOffset now) => string.Create(CultureInfo.InvariantCulture, $"{cluster}-{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}");

    /// <summary>Checks a set's name: it becomes part of names and of a description.</summary>
    public static void Check(string set)
    {
        if (ValidSet().IsMatch(set)) return;
        throw new DbaasException(FaultKind.InvalidInput, ErrorIds.InvalidRequest, $"'{set}' cannot be a backup set's name.", "Use 1 to 100 letters, digits, '-', '_' and '.'.") { Target = set };
    }

    /// <summary>A Trove backup's description.</summary>
    public static string Describe(string set, string cluster, string node, string? note) => $"k2hdkc set={set} cluster={cluster} node={node}" + (string.IsNullOrWhiteSpace(note) ? "" : $" | {note}");

    /// <summary>Reads such a description; null for that of another tool.</summary>
    public static (string Set, string Cluster, string Node, string? Note)? Read(string? description) =>
        description is not null && Description().Match(description) is { Success: true } match
            ? (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value, match.Groups[4].Success ? match.Groups[4].Value : null)
            : null;

    /// <summary>A ring's ports, as an image's property keeps them.</summary>
    public static string Ports(ClusterPorts ports, int servers) => new JsonObject
    {
        ["server_port"] = ports.Server,
        ["server_control_port"] = ports.ServerControl,
        ["slave_control_port"] = ports.SlaveControl,
        ["servers"] = servers,
    }.ToJsonString();

    /// <summary>Reads such a property; null for none, and for one that somebody has changed beyond use.</summary>
    public static ClusterPorts? ReadPorts(string? ring)
    {
        try
        {
            return ring is null || JsonNode.Parse(ring) is not JsonObject map ? null : new ClusterPorts
            {
                Server = (int)map["server_port"]!,
                ServerControl = (int)map["server_control_port"]!,
                SlaveControl = (int)map["slave_control_port"]!,
            };
        }
        catch (Exception e) when (e is JsonException or ArgumentNullException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Refuses a backup that cannot be restored.</summary>
    public static void NeedUsable(Backup backup)
    {
        if (backup.Usable) return;
        throw new DbaasException(FaultKind.Conflict, ErrorIds.BackupUnusable, $"Backup '{backup.Name}' ({backup.Id}) is {backup.Status} and cannot be restored.", "Wait until it is complete, or choose another.") { Target = backup.Name };
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z")]
    private static partial Regex ValidSet();

    [GeneratedRegex(@"^k2hdkc set=(\S+) cluster=(\S+) node=(\S+)(?: \| (.*))?\z", RegexOptions.Singleline)]
    private static partial Regex Description();
}

/// <summary>Chooses which backups a retention drops. Sets are kept or dropped whole.</summary>
public static class RetentionRule
{
    /// <summary>Chooses.</summary>
    /// <param name="backups">The backups of one cluster or several.</param>
    /// <param name="retention">The rule; with neither number nor age nothing is dropped.</param>
    /// <param name="now">The time that ages count from.</param>
    /// <returns>Those to drop, the oldest first.</returns>
    public static IReadOnlyList<Backup> ToDrop(IEnumerable<Backup> backups, BackupRetention retention, DateTimeOffset now)
    {
        if (retention.KeepLast is null && retention.OlderThan is null) return [];
        var dropped = new List<Backup>();
        foreach (var cluster in backups.GroupBy(b => (b.Backend, b.Cluster)))
        {
            // A backup outside any set stands for itself.
            var sets = cluster.GroupBy(b => b.Set ?? b.Id).Select(s => (Taken: s.Max(b => b.Created ?? DateTimeOffset.MinValue), Members: s.ToList())).OrderByDescending(s => s.Taken);
            dropped.AddRange(sets.Skip(retention.KeepLast ?? 0).Where(s => retention.OlderThan is not { } age || s.Taken < now - age).SelectMany(s => s.Members));
        }
        return [.. dropped.OrderBy(b => b.Created)];
    }
}
