using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Nova;

/// <summary>The body of a server create, checked as Nova's schema does before it looks at anything else.</summary>
internal sealed class ServerRequest
{
    private static readonly (string Name, int From, int To)[] Known =
    [
        ("name", 1, 99), ("imageRef", 1, 99), ("flavorRef", 1, 99), ("adminPass", 1, 99), ("metadata", 1, 99), ("networks", 1, 99),
        ("OS-DCF:diskConfig", 1, 99), ("accessIPv4", 1, 99), ("accessIPv6", 1, 99), ("personality", 1, 56), ("availability_zone", 1, 99),
        ("block_device_mapping", 1, 99), ("block_device_mapping_v2", 1, 99), ("config_drive", 1, 99), ("key_name", 1, 99),
        ("min_count", 1, 99),
        ("max_count", 1, 99), ("return_reservation_id", 1, 99), ("security_groups", 1, 99), ("user_data", 1, 99), ("description", 19, 99),
        ("tags", 52, 99), ("trusted_image_certificates", 63, 99), ("host", 74, 99), ("hypervisor_hostname", 74, 99), ("hostname", 90, 99),
    ];

    private static readonly string[] Flags =
        ["True", "TRUE", "true", "1", "ON", "On", "on", "YES", "Yes", "yes", "False", "FALSE", "false", "0", "OFF", "Off", "off",
            "NO", "No", "no"];

    public required string Name { get; init; }

    public required string FlavorRef { get; init; }

    public string? ImageRef { get; init; }

    public string? KeyName { get; init; }

    public string? UserData { get; init; }

    public string? Zone { get; init; }

    public string? Description { get; init; }

    public int MinCount { get; init; }

    public int MaxCount { get; init; }

    public required Dictionary<string, string> Metadata { get; init; }

    public required List<string> Groups { get; init; }

    public required List<string> Tags { get; init; }

    /// <summary>Null: Nova chooses (one network or none); empty: no network at all.</summary>
    public List<JsonObject>? Networks { get; init; }

    public required List<JsonObject> BlockDevices { get; init; }

    public static ServerRequest Parse(JsonObject server, int version)
    {
        var strange = server.Select(m => m.Key).Where(k => !Array.Exists(Known, p => p.Name == k && p.From <= version && version <= p.To))
            .ToList();
        if (strange.Count > 0)
            throw NovaHttp.Schema("server", server,
                $"Additional properties are not allowed ({string.Join(", ", strange.Select(s => $"'{s}'"))} "
                    + $"{(strange.Count == 1 ? "was" : "were")} unexpected)");
        string[] required = version >= 37 ? ["name", "flavorRef", "networks"] : ["name", "flavorRef"];
        foreach (var name in required)
        {
            if (!server.ContainsKey(name)) throw NovaHttp.Schema("server", server, $"'{name}' is a required property");
        }
        OneOf(server, "OS-DCF:diskConfig", ["AUTO", "MANUAL"], "['AUTO', 'MANUAL']");
        OneOf(server, "config_drive", Flags,
            "[True, 'True', 'TRUE', 'true', '1', 'ON', 'On', 'on', 'YES', 'Yes', 'yes', False, 'False', 'FALSE', 'false', '0', 'OFF', "
                + "'Off', 'off', 'NO', 'No', 'no']");
        var min = Count(server, "min_count");
        var max = Count(server, "max_count");
        return new ServerRequest
        {
            Name = Printable(Text(server, "name", 255, 1)!),
            FlavorRef = PythonText.Str(server["flavorRef"]) is { Length: > 0 } flavor
                ? flavor
                : throw NovaHttp.Schema("flavorRef", server["flavorRef"], "'' is too short"),
            ImageRef = Text(server, "imageRef", 255),
            KeyName = Text(server, "key_name", 255, 1),
            UserData = Base64(server),
            Zone = Text(server, "availability_zone", 255, 1),
            // Before 2.19 nobody could give one, and the name was taken.
            Description = version >= 19 ? Text(server, "description", 255) : Text(server, "name", 255, 1),
            MinCount = min ?? 1,
            MaxCount = max ?? min ?? 1,
            Metadata = MetadataOf(server["metadata"]),
            Groups = List(server, "security_groups", GroupName),
            Tags = List(server, "tags",
                t => t.AsText() ?? throw NovaHttp.Schema("tags", t, $"{PythonText.Repr(t)} is not of type 'string'")),
            Networks = NetworksOf(server, version),
            BlockDevices = List(server, "block_device_mapping_v2",
                b => b as JsonObject
                    ?? throw NovaHttp.Schema("block_device_mapping_v2", b, $"{PythonText.Repr(b)} is not of type 'object'")),
        };
    }

    /// <summary>Metadata: names and values of text up to 255 characters.</summary>
    public static Dictionary<string, string> MetadataOf(JsonNode? node)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        if (node is null) return found;
        if (node is not JsonObject given) throw NovaHttp.Schema("metadata", node, $"{PythonText.Repr(node)} is not of type 'object'");
        foreach (var (name, value) in given)
        {
            if (value.AsText() is not { } text) throw NovaHttp.Schema(name, value, $"{PythonText.Repr(value)} is not of type 'string'");
            if (text.Length > 255) throw NovaHttp.Schema(name, value, $"'{text}' is too long");
            if (name.Length is 0 or > 255)
                throw NovaHttp.Schema("metadata", node, $"'{name}' does not match any of the regexes: '^[a-zA-Z0-9-_:. ]{{1,255}}$'");
            found[name] = text;
        }
        return found;
    }

    private static List<JsonObject>? NetworksOf(JsonObject server, int version)
    {
        switch (server["networks"])
        {
            case null:
                return null;
            case JsonArray list:
                var names = new[] { "uuid", "port", "fixed_ip", version >= 32 ? "tag" : "uuid" };
                var index = 0;
                foreach (var item in list)
                {
                    var strange = (item as JsonObject)?.Select(m => m.Key).FirstOrDefault(k => !names.Contains(k));
                    if (strange is not null)
                        throw NovaHttp.Schema(index.ToString(System.Globalization.CultureInfo.InvariantCulture),
                            item, $"Additional properties are not allowed ('{strange}' was unexpected)");
                    if (item.Get("uuid").AsText() is { } uuid && !Guid.TryParse(uuid, out _))
                        throw new ApiFault(400, $"Bad networks format: network uuid is not in proper format ({uuid})");
                    index++;
                }
                return list.Count == 0
                    ? null
                    : [.. list.Select(i => i as JsonObject ?? throw NovaHttp.Schema("networks", list, $"{PythonText.Repr(i)} is not of "
                        + $"type 'object'"))];
            case var word when version >= 37:
                return word.AsText() switch
                {
                    "auto" => null,
                    "none" => [],
                    _ => throw NovaHttp.Schema("networks", word, $"{PythonText.Repr(word)} is not valid under any of the given schemas"),
                };
            case var other:
                throw NovaHttp.Schema("networks", other, $"{PythonText.Repr(other)} is not of type 'array'");
        }
    }

    private static string? Base64(JsonObject server)
    {
        if (server["user_data"] is not { } node) return null;
        var text = node.AsText() ?? throw NovaHttp.Schema("user_data", node, $"{PythonText.Repr(node)} is not of type 'string'");
        if (text.Length > 65535) throw NovaHttp.Schema("user_data", node, $"'{text}' is too long");
        return Convert.TryFromBase64String(text, new byte[text.Length], out _)
            ? text
            : throw NovaHttp.Schema("user_data", node, $"'{text}' is not a 'base64'");
    }

    private static string? Text(JsonObject server, string name, int longest, int shortest = 0)
    {
        if (server[name] is not { } node) return null;
        var text = node.AsText() ?? throw NovaHttp.Schema(name, node, $"{PythonText.Repr(node)} is not of type 'string'");
        if (text.Length < shortest) throw NovaHttp.Schema(name, node, $"'{text}' is too short");
        if (text.Length > longest) throw NovaHttp.Schema(name, node, $"'{text}' is too long");
        return text;
    }

    /// <summary>A name of a server or image: no blanks at its ends, nothing that cannot be printed.</summary>
    public static string Printable(string name) => name.Trim().Length == name.Length && !name.Any(char.IsControl)
        ? name
        : throw new ApiFault(400,
            "An invalid 'name' value was provided. The name must be: printable characters. Can not start or end with whitespace.");

    private static string GroupName(JsonNode? group)
    {
        var strange = (group as JsonObject)?.Select(m => m.Key).FirstOrDefault(k => k != "name");
        if (strange is not null) throw NovaHttp.Schema("0", group, $"Additional properties are not allowed ('{strange}' was unexpected)");
        return group.Get("name").AsText() ?? throw NovaHttp.Schema("0", group, $"{PythonText.Repr(group)} is not of type 'object'");
    }

    private static void OneOf(JsonObject server, string name, string[] values, string listed)
    {
        if (server[name] is { } node && !values.Contains(PythonText.Str(node)))
            throw NovaHttp.Schema(name, node, $"{PythonText.Repr(node)} is not one of {listed}");
    }

    private static int? Count(JsonObject server, string name)
    {
        if (server[name] is not { } node) return null;
        if (node.AsText() is { } text && !text.All(char.IsAsciiDigit))
            throw NovaHttp.Schema(name, node, $"'{text}' does not match '^[0-9]*$'");
        return node.AsInt(lenient: true) is >= 1 and var count
            ? count
            : throw NovaHttp.Schema(name, node, $"{PythonText.Repr(node)} is less than the minimum of 1");
    }

    private static List<T> List<T>(JsonObject server, string name, Func<JsonNode?, T> read) => server[name] switch
    {
        null => [],
        JsonArray list => [.. list.Select(read)],
        var other => throw NovaHttp.Schema(name, other, $"{PythonText.Repr(other)} is not of type 'array'"),
    };
}
