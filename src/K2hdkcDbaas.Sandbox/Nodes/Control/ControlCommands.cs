using System.Globalization;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Sandbox.Nodes.Ring;

namespace K2hdkcDbaas.Sandbox.Nodes.Control;

/// <summary>What a server node does and answers on its control port.</summary>
internal static class ControlCommands
{
    private static readonly char[] Blanks = [' ', '\t', '\r', '\n'];
    private static readonly char[] LineBlanks = ['\t', '\r', '\n'];

    /// <summary>Splits a line as chmpx does: blanks at its start make an empty first word.</summary>
    public static string[] Words(string line) => line.Trim(LineBlanks).Split(Blanks);

    public static string Answer(NodeRing ring, RingMember node, string line)
    {
        var words = Words(line);
        var argument = words.Length > 1 ? words[1] : "";
        lock (ring.Gate)
        {
            return words[0].ToUpperInvariant() switch
            {
                "VERSION" => Version,
                "SELFSTATUS" => NodeReport.Self(ring, node),
                "ALLSTATUS" => NodeReport.All(ring.State, node.Configuration.Group),
                "DUMP" => NodeReport.Dump(ring, node),
                "SERVICEIN" => ServiceIn(ring, node),
                "SERVICEOUT" => ServiceOut(ring, node, argument),
                "MERGE" => ring.Merges.Start() ? Done(ring) : ControlAnswers.SomeServer,
                "ABORTMERGE" => Abort(ring, node),
                "COMPMERGE" => ring.Merges.Complete() ? Done(ring) : ControlAnswers.SomeServer,
                "SUSPENDMERGE" => Suspend(ring, true),
                "NOSUSPENDMERGE" => Suspend(ring, false),
                "UPDATESTATUS" => UpdateStatus(ring, node),
                "TRACE" => Trace(argument),
                "TRACEVIEW" => TraceView(words.AsSpan(1)),
                _ => ControlAnswers.Unknown(words[0]),
            };
        }
    }

    public static string Version { get; } = $"Version {ServerVersion.Text} (commit: {ServerVersion.Commit}) with OpenSSL\n";

    /// <summary>Tracing is off in a node's configuration, so there is nothing to switch on.</summary>
    public static string Trace(string argument) => argument.ToUpperInvariant() switch
    {
        "" => ControlAnswers.TraceUsage,
        "ENABLE" or "YES" or "ON" => ControlAnswers.TraceFailed,
        _ => ControlAnswers.TraceAlready,
    };

    public static string TraceView(ReadOnlySpan<string> arguments)
    {
        foreach (var argument in arguments)
        {
            var isKnown = argument.ToUpperInvariant() is "DIR=IN" or "DIR=OUT" or "DIR=ALL" or "DEV=SOCK" or "DEV=MQ" or "DEV=ALL";
            if (!isKnown && !int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                return ControlAnswers.TraceViewUsage;
        }

        return ControlAnswers.TraceNone;
    }

    private static bool IsAlone(NodeRing ring) => ring.Members.Count < 2;

    private static string Done(NodeRing ring) => IsAlone(ring) ? ControlAnswers.DoneAlone : ControlAnswers.Done;

    private static string Abort(NodeRing ring, RingMember node)
    {
        ring.Merges.Abort(node);
        return Done(ring);
    }

    private static string Suspend(NodeRing ring, bool suspend)
    {
        if (suspend) ring.Merges.Suspend();
        else ring.Merges.Resume();
        return ControlAnswers.Done;
    }

    private static string ServiceIn(NodeRing ring, RingMember node)
    {
        if (ring.State.IsMerging) return ControlAnswers.Operating;
        if (!ring.Merges.ServiceIn(node.Id)) return ControlAnswers.NotAllowed;
        if (!ring.Merges.IsAutomatic) return IsAlone(ring) ? ControlAnswers.DoneNoticeAlone : ControlAnswers.Done;
        return ring.Merges.Start() ? Done(ring) : ControlAnswers.SomeServer + "\n" + ControlAnswers.AutoMerge;
    }

    private static string ServiceOut(NodeRing ring, RingMember node, string argument)
    {
        if (!TryParseServer(node.Configuration.IdType, argument, out var host, out var port, out var key))
            return ControlAnswers.ServiceOutUsage;
        var server = ring.State.Servers.FirstOrDefault(
            s => s.Name == host && s.ControlPort == port && IsNamedBy(node.Configuration.IdType, s, key));
        if (server is null) return ControlAnswers.NoSuchServer;
        if (ring.State.IsMerging) return ControlAnswers.Operating;
        if (ring.Merges.ServiceOut(server.Id)) return ControlAnswers.Done;
        // A node that runs judges its own state; for one that is down it is done already.
        return ring.Find(server.Id) is null ? ControlAnswers.DoneAlreadyOut : ControlAnswers.NotAllowed;
    }

    // host:ctlport, and with ids by cuk or seed that key as the third part.
    private static bool TryParseServer(NodeIdType type, string argument, out string host, out int port, out string key)
    {
        host = key = "";
        port = -1;
        var parts = argument.Split(':');
        var needed = type is NodeIdType.Name ? 2 : 3;
        if (parts.Length < needed || parts.Length > 3 || parts[0].Length == 0) return false;
        host = parts[0];
        if (parts.Length == 3) key = parts[2];
        return int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out port);
    }

    private static bool IsNamedBy(NodeIdType type, ServerRecord server, string key) => type switch
    {
        NodeIdType.Cuk => server.Cuk == key,
        NodeIdType.Custom => server.CustomSeed == key,
        NodeIdType.Name => key.Length == 0 || server.Cuk == key,
        _ => string.Join(',', server.ControlEndpoints) == key,
    };

    private static string UpdateStatus(NodeRing ring, RingMember node)
    {
        if (IsAlone(ring)) return ControlAnswers.DoneAlone;
        ring.Renew(node.Id);
        return ControlAnswers.Done;
    }
}
