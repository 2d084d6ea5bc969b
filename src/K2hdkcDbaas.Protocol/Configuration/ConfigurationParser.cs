using System.Globalization;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Protocol.Configuration;

/// <summary>One section of a configuration: its upper-case name and its keys.</summary>
internal sealed record ConfigurationSection(string Name)
{
    public Dictionary<string, string> Values { get; } = new(StringComparer.OrdinalIgnoreCase);
}

/// <summary>Turns sections, however they were written, into a <see cref="RingConfiguration"/>.</summary>
internal static class ConfigurationParser
{
    public const string ErrorId = "InvalidRingConfiguration";

    public static RingConfiguration Parse(string text, ConfigurationFormat format, Func<string, string>? include)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (format == ConfigurationFormat.Auto) format = Guess(text);
        var sections = format switch
        {
            ConfigurationFormat.Json => JsonConfiguration.Read(text),
            ConfigurationFormat.Yaml => YamlConfiguration.Read(text),
            _ => IniConfiguration.Read(text, include),
        };
        return Build(sections);
    }

    public static DbaasException Invalid(string message, Exception? inner = null) => new(
        ErrorKind.InvalidInput, ErrorId, message,
        "A ring configuration has one GLOBAL section with GROUP, MODE and DELIVERMODE, and one SVRNODE per server with NAME, PORT and "
            + "CTLPORT.", inner);

    private static ConfigurationFormat Guess(string text)
    {
        // Inline JSON is recognised by its first character, as chmpx does it.
        var first = text.AsSpan().TrimStart();
        if (first.StartsWith("{")) return ConfigurationFormat.Json;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var content = line.Trim();
            if (content.IsEmpty || content[0] is '#' or ';') continue;
            return content[0] == '[' ? ConfigurationFormat.Ini : content.Contains('=') ? ConfigurationFormat.Ini : ConfigurationFormat.Yaml;
        }

        return ConfigurationFormat.Ini;
    }

    private static RingConfiguration Build(List<ConfigurationSection> sections)
    {
        var global = sections.FirstOrDefault(s => s.Name == "GLOBAL")?.Values
            ?? throw Invalid("The ring configuration has no GLOBAL section.");
        var store = sections.FirstOrDefault(s => s.Name == "K2HDKC")?.Values
            ?? new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var group = Text(global, "GROUP");
        if (group.Length == 0) throw Invalid("The ring configuration's GLOBAL section has no GROUP, the ring's name.");
        var tls = Tls(global, TlsSettings.None);
        return new RingConfiguration
        {
            Group = group,
            IsServer = Choice(global, "MODE", false, ("SERVER", true), ("SLAVE", false)),
            IdType = Choice(
                global, "CHMPXIDTYPE", NodeIdType.Name, ("NAME", NodeIdType.Name), ("CUK", NodeIdType.Cuk), ("CUSTOM", NodeIdType.Custom),
                ("CTLENDPOINTS", NodeIdType.ControlEndpoints), ("CTLEPS", NodeIdType.ControlEndpoints)),
            DeliveryMode = Choice(global, "DELIVERMODE", DeliveryMode.Hash, ("HASH", DeliveryMode.Hash), ("RANDOM", DeliveryMode.Random)),
            Replicas = Number(global, "REPLICA", 0, 0, 1024),
            ControlPort = Number(global, "SELFCTLPORT", Number(global, "CTLPORT", -1, -1, 65535), -1, 65535),
            SelfCuk = Text(global, "SELFCUK"),
            MaxNodes = Number(global, "MAXCHMPX", 1024, 1, 1 << 20),
            Tls = tls,
            Servers = sections.Where(s => s.Name == "SVRNODE").Select(s => Node(s, tls, Number(global, "PORT", -1, -1, 65535))).ToArray(),
            Slaves = sections.Where(s => s.Name == "SLVNODE").Select(s => Node(s, tls, -1)).ToArray(),
            Settings = global,
            StoreSettings = store,
        };
    }

    private static RingNode Node(ConfigurationSection section, TlsSettings common, int port)
    {
        var values = section.Values;
        var name = Text(values, "NAME");
        if (name.Length == 0) throw Invalid($"A {section.Name} section of the ring configuration has no NAME.");
        return new RingNode
        {
            Name = name,
            Port = Number(values, "PORT", port, -1, 65535),
            ControlPort = Number(values, "CTLPORT", -1, -1, 65535),
            Cuk = Text(values, "CUK"),
            CustomSeed = Text(values, "CUSTOM_ID_SEED"),
            Endpoints = Pairs(values, "ENDPOINTS"),
            ControlEndpoints = Pairs(values, "CTLENDPOINTS"),
            Tls = Tls(values, common),
        };
    }

    private static TlsSettings Tls(Dictionary<string, string> values, TlsSettings common) => new()
    {
        IsEnabled = Flag(values, "SSL", common.IsEnabled),
        VerifyPeer = Flag(values, "SSL_VERIFY_PEER", common.VerifyPeer),
        MinimumVersion = Text(values, "SSL_MIN_VER", common.MinimumVersion),
        CaPath = Text(values, "CAPATH", common.CaPath),
        ServerCertificate = Text(values, "SERVER_CERT", common.ServerCertificate),
        ServerKey = Text(values, "SERVER_PRIKEY", common.ServerKey),
        SlaveCertificate = Text(values, "SLAVE_CERT", common.SlaveCertificate),
        SlaveKey = Text(values, "SLAVE_PRIKEY", common.SlaveKey),
    };

    private static string Text(Dictionary<string, string> values, string key, string otherwise = "") =>
        values.TryGetValue(key, out var value) ? value : otherwise;

    private static bool Flag(Dictionary<string, string> values, string key, bool otherwise) =>
        Choice(values, key, otherwise, ("YES", true), ("ON", true), ("Y", true), ("TRUE", true), ("1", true), ("NO", false), ("OFF", false),
            ("N", false), ("FALSE", false), ("0", false));

    private static T Choice<T>(Dictionary<string, string> values, string key, T otherwise, params (string Word, T Value)[] choices)
    {
        var text = Text(values, key);
        if (text.Length == 0) return otherwise;
        foreach (var (word, value) in choices)
            if (text.Equals(word, StringComparison.OrdinalIgnoreCase)) return value;
        throw Invalid($"The ring configuration has {key} = {text}; it must be one of {string.Join(", ", choices.Select(c => c.Word))}.");
    }

    private static int Number(Dictionary<string, string> values, string key, int otherwise, int least, int most)
    {
        var text = Text(values, key);
        if (text.Length == 0) return otherwise;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least
            && number <= most) return number;
        throw Invalid($"The ring configuration has {key} = {text}; it must be a number from {least} to {most}.");
    }

    private static List<HostPort> Pairs(Dictionary<string, string> values, string key)
    {
        var pairs = new List<HostPort>();
        foreach (var part in Text(values, key).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            pairs.Add(HostPort.TryParse(part, out var pair)
                ? pair
                : throw Invalid($"The ring configuration has {key} with '{part}', which is not host:port."));
        return pairs;
    }
}
