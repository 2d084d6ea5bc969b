using System.Globalization;
using K2hdkcDbaas.Protocol;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Client.Control;

/// <summary>Reads the <c>Name = value</c> texts of a control port. Unknown lines are passed over: releases add some.</summary>
internal static class StatusText
{
    public static NodeSelfStatus? ReadSelf(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        // The first of a name counts: later sections repeat names with other meanings.
        foreach (var (name, value) in Lines(text)) values.TryAdd(name, value);
        if (!values.TryGetValue("Internal ID", out var id) || Number(id) is not { } nodeId
            || !values.TryGetValue("RING Name", out var group)) return null;
        return new NodeSelfStatus(Get(values, "Server Name"), nodeId,
            group, Get(values, "Mode").StartsWith("Server", StringComparison.OrdinalIgnoreCase), Status(Get(values, "Server Status")))
        {
            BaseSlot = Number(Get(values, "Enable Hash Value")) ?? ServerRecord.NoSlot,
            PendingSlot = Number(Get(values, "Pending Hash Value")) ?? ServerRecord.NoSlot,
            Port = Port(Get(values, "Port(socket)")),
            ControlPort = Port(Get(values, "Control Port(socket)")),
            Cuk = Get(values, "CUK"),
            CustomSeed = Get(values, "Custom ID Seed"),
            UsesTls = Get(values, "SSL Connection") == "yes",
            ConnectionsToServers = (int)(Number(Get(values, "To Servers")) ?? 0),
            ConnectionsFromSlaves = (int)(Number(Get(values, "From Slaves")) ?? 0),
            LastUpdate = Time(Get(values, "Last Update")) is { Value: > 0 } time ? time.Time : null,
        };
    }

    public static RingStatus? ReadAll(string text)
    {
        string? group = null;
        var servers = new List<ServerRecord>();
        foreach (var (name, value) in Lines(text))
        {
            if (name == "RING Name") group = value;
            else if (name == "Server Name") servers.Add(new ServerRecord { Id = 0, Name = value });
            else if (servers.Count > 0) servers[^1] = With(servers[^1], name, value);
        }

        return group is null ? null : new RingStatus(group, servers);
    }

    private static ServerRecord With(ServerRecord server, string name, string value) => name switch
    {
        "Port" => server with { Port = Port(value) },
        "Control Port" => server with { ControlPort = Port(value) },
        "CUK" => server with { Cuk = value },
        "Custom ID Seed" => server with { CustomSeed = value },
        "Endpoints" => server with { Endpoints = Pairs(value) },
        // Released versions misspell the name.
        "Control Endppoints" or "Control Endpoints" => server with { ControlEndpoints = Pairs(value) },
        "Use SSL" => server with { Tls = server.Tls with { IsEnabled = value == "yes" } },
        "Verify Peer" => server with { Tls = server.Tls with { VerifyPeer = value == "yes" } },
        "Server Status" => server with { Status = Status(value) },
        "Last Update" => server with { StatusTime = Time(value) },
        "Enable Hash Value" => server with { BaseSlot = Number(value) ?? ServerRecord.NoSlot },
        "Pending Hash Value" => server with { PendingSlot = Number(value) ?? ServerRecord.NoSlot },
        _ => server,
    };

    private static IEnumerable<(string Name, string Value)> Lines(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0) yield return (line[..equals].Trim(), line[(equals + 1)..].Trim());
        }
    }

    private static string Get(Dictionary<string, string> values, string name) => values.GetValueOrDefault(name, "");

    private static NodeStatus Status(string text) => new(Number(text) ?? 0);

    // "2026-11-21 08h 36m 47s 97ms 653us(30119300496981365)": the packed time is the exact one.
    private static StatusTime Time(string text)
    {
        var open = text.LastIndexOf('(');
        return open >= 0 && Number(text[(open + 1)..]) is { } packed ? new StatusTime(packed) : default;
    }

    // Ports are printed as signed 16-bit numbers: those above 32767 come out negative, and -1 is none.
    private static int Port(string text)
    {
        if (text.StartsWith('-')) return Number(text[1..]) is { } below and > 1 and <= 32768 ? 65536 - (int)below : -1;
        return Number(text) is { } port and > 0 and <= 65535 ? (int)port : -1;
    }

    private static HostPort[] Pairs(string text) =>
        text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Select(Pair).Where(p => p.Host.Length > 0).ToArray();

    private static HostPort Pair(string text)
    {
        var sign = text.LastIndexOf(":-", StringComparison.Ordinal);
        if (sign > 0) return new HostPort(text[..sign].Trim('[', ']'), Port(text[(sign + 1)..]));
        return HostPort.TryParse(text, out var pair) ? pair : HostPort.Empty;
    }

    /// <summary>The number that a text starts with, decimal or 0x; null when it starts with none.</summary>
    private static ulong? Number(string text)
    {
        var isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        var digits = text.AsSpan(isHex ? 2 : 0);
        var end = 0;
        while (end < digits.Length && (isHex ? char.IsAsciiHexDigit(digits[end]) : char.IsAsciiDigit(digits[end]))) end++;
        return ulong.TryParse(digits[..end], isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture,
            out var number) ? number : null;
    }
}
