using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Backups;

/// <summary>What a backup tells of itself: as properties of a Glance image.</summary>
internal static partial class BackupNotes
{
    public const string Set = "k2hdkc_backup_set";
    public const string Cluster = "k2hdkc_backup_cluster";
    public const string Node = "k2hdkc_backup_node";
    public const string NodeId = "k2hdkc_backup_node_id";
    public const string Seed = "k2hdkc_backup_seed";
    public const string Time = "k2hdkc_backup_time";
    public const string RingProperty = "k2hdkc_backup_ring";
    public const string Note = "k2hdkc_backup_note";

    /// <summary>The greatest length of an image's property (Nova), and of a backup's description (Trove).</summary>
    public const int MaxLength = 255;

    /// <summary>A set's name when none was given.</summary>
    public static string DefaultSet(string cluster, DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"{cluster}-{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}");

    /// <summary>Checks a set's name: it becomes part of names and of a description.</summary>
    public static void Check(string set)
    {
        if (ValidSet().IsMatch(set)) return;
        throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest, $"'{set}' is not a valid name of a backup set.",
            "Use 1 to 100 letters, digits, '-', '_' and '.'.")
        { Target = set };
    }

    /// <summary>What a cluster was like, as an image's property keeps it.</summary>
    public static string Ring(Cluster cluster, int servers, bool noSecurityGroup)
    {
        var ring = new JsonObject
        {
            ["server_port"] = cluster.Ports.Server,
            ["server_control_port"] = cluster.Ports.ServerControl,
            ["slave_control_port"] = cluster.Ports.SlaveControl,
            ["servers"] = servers,
        };
        if (cluster.RunUser is { } user) ring["run_user"] = user;
        if (cluster.CreateUser) ring["create_user"] = true;
        if (noSecurityGroup) ring["no_security_group"] = true;
        return ring.ToJsonString();
    }

    /// <summary>Adds to a backup what such a property says; nothing for none, and for one that somebody has changed beyond use.</summary>
    public static Backup WithRing(Backup backup, string? ring)
    {
        try
        {
            return ring is null || JsonNode.Parse(ring) is not JsonObject map ? backup : backup with
            {
                Ports = new ClusterPorts
                {
                    Server = (int)map["server_port"]!,
                    ServerControl = (int)map["server_control_port"]!,
                    SlaveControl = (int)map["slave_control_port"]!,
                },
                SetSize = (int?)map["servers"],
                RunUser = (string?)map["run_user"],
                CreateUser = (bool?)map["create_user"] ?? false,
                NoSecurityGroup = (bool?)map["no_security_group"] ?? false,
            };
        }
        catch (Exception e) when (e is JsonException or ArgumentNullException or InvalidOperationException or FormatException)
        {
            return backup;
        }
    }

    /// <summary>Refuses what Nova would refuse: a property of more than 255 characters.</summary>
    public static void CheckLength(IReadOnlyDictionary<string, string> properties)
    {
        if (properties.FirstOrDefault(p => p.Value.Length > MaxLength) is not { Key: { } key, Value: { } value }) return;
        throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest,
            $"The image's property '{key}' would have {value.Length} characters, and Nova takes {MaxLength}; nothing was changed.",
            key == Note ? "Give a shorter -Description." : "Use shorter names.")
        { Target = value };
    }

    /// <summary>That a set's name is taken.</summary>
    public static DbaasException Exists(string set, string cluster) => new(ErrorKind.AlreadyExists, ErrorIds.BackupSetExists,
        $"Cluster '{cluster}' has a set of backups '{set}' already; nothing was changed.",
        "Choose another -SetName, leave it out, or remove that set with Remove-K2hdkcBackup.")
    { Target = set };

    /// <summary>Refuses a backup that cannot be restored.</summary>
    public static void NeedUsable(Backup backup)
    {
        if (backup.Usable) return;
        throw new DbaasException(ErrorKind.Conflict, ErrorIds.BackupUnusable,
            $"Backup '{backup.Name}' ({backup.Id}) is {backup.Status} and cannot be restored.",
            "Wait until it is complete, or choose another.")
        { Target = backup.Name };
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z")]
    private static partial Regex ValidSet();
}
