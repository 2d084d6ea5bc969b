using System.Globalization;
using System.Text.RegularExpressions;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Core.Registry;

/// <summary>
/// Reads a cluster's INI as chmpx and k2hdkc on a node do, and finds what would keep them from working (chmpx lib/chmconf.cc).
/// </summary>
public sealed class ClusterConfigurationCheck
{
    private const string GlobalSection = "[GLOBAL]";

    private readonly List<Finding> _findings = [];

    private ClusterConfigurationCheck()
    {
    }

    /// <summary>Checks an expanded configuration.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="role">Whose configuration it is.</param>
    /// <param name="text">The INI.</param>
    /// <param name="missing">Variables that the template read though nobody had set them.</param>
    public static ClusterConfigurationReport Run(string cluster, NodeRole role, string text, IReadOnlyList<TemplateVariable> missing)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(missing);
        var check = new ClusterConfigurationCheck();
        foreach (var variable in missing)
        {
            check.Add(FindingSeverity.Warning, "VariableMissing", $"%{variable.Name}%",
                $"The template reads %{variable.Name}% (line {variable.Line}, column {variable.Column}), which nothing sets; it counts as "
                    + $"empty.",
                $"Add the key '{variable.Name}' to the resource, or take the variable out.");
        }

        if (text.Contains("{{", StringComparison.Ordinal) || text.Contains("%yrn:", StringComparison.Ordinal))
            check.Add(FindingSeverity.Error, "TemplateLeft", "text", "Statements or variables of the template are left in the INI.",
                "Look for braces or per cent signs that are doubled or not closed.");
        try
        {
            var ini = RingConfiguration.Parse(text, ConfigurationFormat.Ini);
            check.Look(cluster, role, ini);
            check.LookAtThreads(ini, text);
        }
        catch (DbaasException e)
        {
            check.Add(FindingSeverity.Error, "ConfigurationUnreadable", "text", e.Message, e.NextStep ?? "Mend the template.");
        }

        return check.Report(cluster, role, text);
    }

    /// <summary>The report of a template that yields nothing.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="role">Whose configuration it would be.</param>
    /// <param name="error">What is wrong with the template.</param>
    public static ClusterConfigurationReport Failed(string cluster, NodeRole role, DbaasException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new ClusterConfigurationReport(
            cluster, role, false,
            [new Finding(FindingSeverity.Error, "TemplateInvalid", "template", error.Message, error.NextStep ?? "Mend the template.")],
            null);
    }

    private ClusterConfigurationReport Report(string cluster, NodeRole role, string text) =>
        new(cluster, role, !_findings.Exists(f => f.Severity == FindingSeverity.Error), [.. _findings.OrderByDescending(f => f.Severity)],
            text);

    private void Add(FindingSeverity severity, string check, string target, string message, string nextStep) =>
        _findings.Add(new Finding(severity, check, target, message, nextStep));

    private void Look(string cluster, NodeRole role, RingConfiguration ini)
    {
        if (ini.IsServer != (role == NodeRole.Server))
        {
            Add(FindingSeverity.Error, "ModeWrong", GlobalSection,
                $"MODE is {(ini.IsServer ? "SERVER" : "SLAVE")} for nodes of the role {role}.",
                $"Set the key chmpx-mode of the role's resource to {(role == NodeRole.Server ? "SERVER" : "SLAVE")}.");
        }

        if (ini.Group != cluster)
            Add(FindingSeverity.Warning, "GroupOther", GlobalSection, $"GROUP is '{ini.Group}', not the cluster's name '{cluster}'.",
                "Members of one ring need the same GROUP: see that all of them have this one.");
        LookAtPort(GlobalSection, "the node's control port (SELFCTLPORT or CTLPORT)", ini.ControlPort);
        LookAtServers(ini);
        LookAtSlaves(ini);
        LookAtTwins(ini);
        if (ini.Servers.Count + ini.Slaves.Count > ini.MaxNodes)
        {
            Add(FindingSeverity.Error, "TooManyNodes", GlobalSection,
                $"MAXCHMPX allows {ini.MaxNodes} nodes, and {ini.Servers.Count + ini.Slaves.Count} are listed.",
                "Raise MAXCHMPX on all nodes.");
        }

        if (role == NodeRole.Server) LookAtStore(ini);
    }

    private void LookAtServers(RingConfiguration ini)
    {
        if (ini.Servers.Count == 0)
            Add(FindingSeverity.Warning, "NoServer", "[SVRNODE]", "No server is listed: none has registered in the role yet.",
                "Add server nodes, or wait until they have registered.");
        foreach (var node in ini.Servers)
        {
            var target = $"[SVRNODE] {node.Name}";
            if (Uri.CheckHostName(node.Name.Trim('[', ']')) == UriHostNameType.Unknown)
                Add(FindingSeverity.Error, "NameInvalid", target, $"'{node.Name}' is neither a host name nor an address.",
                    "Mend the host's line in the role.");
            LookAtPort(target, "PORT", node.Port);
            LookAtPort(target, "CTLPORT", node.ControlPort);
            if (node.Port == node.ControlPort && node.Port > 0)
                Add(FindingSeverity.Error, "PortsAlike", target, $"PORT and CTLPORT are both {node.Port}.",
                    "Give the control port a number of its own.");
            LookAtIdentity(ini, target, node);
            if (!node.Tls.IsEnabled) continue;
            LookAtFile(target, "SERVER_CERT", node.Tls.ServerCertificate, "a server with SSL on");
            LookAtFile(target, "SERVER_PRIKEY", node.Tls.ServerKey, "a server with SSL on");
            if (!node.Tls.VerifyPeer) continue;
            LookAtFile(target, "CAPATH", node.Tls.CaPath, "SSL_VERIFY_PEER");
            LookAtFile(target, "SLAVE_CERT", node.Tls.SlaveCertificate, "SSL_VERIFY_PEER");
            LookAtFile(target, "SLAVE_PRIKEY", node.Tls.SlaveKey, "SSL_VERIFY_PEER");
        }

        if (ini.Servers.Select(n => n.Tls.IsEnabled).Distinct().Count() > 1)
            Add(FindingSeverity.Warning, "TlsMixed", "[SVRNODE]",
                "SSL is on for some servers and off for others: part of the traffic goes in the clear.", "Set SSL alike for all.");
        if (ini.Servers.Count > 0 && ini.Replicas >= ini.Servers.Count)
        {
            Add(FindingSeverity.Warning, "ReplicasTooMany", GlobalSection,
                string.Create(CultureInfo.InvariantCulture,
                    $"REPLICA = {ini.Replicas} asks for {ini.Replicas + 1} holders of a key, and there are {ini.Servers.Count} servers."),
                "Add servers; until then each key has fewer copies than asked for.");
        }
    }

    // chmpx 1.0.113 locks a socket to send, and not to read (lib/chmeventsock.cc); OpenSSL's connections do not bear both at once.
    private void LookAtThreads(RingConfiguration ini, string text)
    {
        var line = Regex.Match(text, @"^\s*SOCKTHREADCNT\s*=\s*(\d+)", RegexOptions.Multiline, TimeSpan.FromSeconds(1));
        if (line.Success && line.Groups[1].Value.Trim('0').Length > 0 && ini.Servers.Any(s => s.Tls.IsEnabled))
            Add(FindingSeverity.Warning, "TlsThreads", GlobalSection,
                $"SSL is on and SOCKTHREADCNT is {line.Groups[1].Value}: chmpx then reads and writes a TLS connection at once, and may "
                    + "lose it, above all while the ring changes; the server at its other end counts as down.",
                "In the template (Set-K2hr3Resource), set SOCKTHREADCNT and MQTHREADCNT to 0, RWTIMEOUT and CONTIMEOUT to 200 and "
                    + "RETRYCNT to 25000, or each message costs 10 ms; then restart the nodes one by one.");
    }

    private void LookAtSlaves(RingConfiguration ini)
    {
        if (ini.Slaves.Count == 0)
            Add(FindingSeverity.Error, "NoSlave", "[SLVNODE]", "No slave is listed, and chmpx refuses a configuration without one.",
                "List at least one, such as 127.0.0.1.");
        foreach (var node in ini.Slaves)
        {
            var target = $"[SLVNODE] {node.Name}";
            try
            {
                _ = Regex.Match("", node.Name, RegexOptions.None, TimeSpan.FromSeconds(1));
            }
            catch (ArgumentException)
            {
                Add(FindingSeverity.Error, "NameInvalid", target,
                    $"'{node.Name}' is neither a host name, an address nor a regular expression.", "Mend the host's line in the role.");
            }

            LookAtPort(target, "CTLPORT", node.ControlPort);
        }
    }

    private void LookAtIdentity(RingConfiguration ini, string target, RingNode node)
    {
        if (ini.IdType == NodeIdType.Custom && node.CustomSeed.Length == 0)
            Add(FindingSeverity.Error, "SeedMissing", target,
                "CHMPXIDTYPE is CUSTOM, and the node has no CUSTOM_ID_SEED: all such nodes get the same id.",
                "Register the host with a tag.");
        if (ini.IdType == NodeIdType.Cuk && node.Cuk.Length == 0)
            Add(FindingSeverity.Error, "CukMissing", target, "CHMPXIDTYPE is CUK, and the node has no CUK.",
                "Register the host with a cuk.");
    }

    private void LookAtTwins(RingConfiguration ini)
    {
        foreach (var (word, key) in new (string, Func<RingNode, string>)[]
        {
            ("CUK", n => n.Cuk),
            ("CUSTOM_ID_SEED", n => n.CustomSeed),
            ("NAME and CTLPORT", n => string.Create(CultureInfo.InvariantCulture, $"{n.Name}:{n.ControlPort}")),
        })
        {
            foreach (var twins in ini.Servers.GroupBy(key, StringComparer.Ordinal).Where(g => g.Key.Length > 0 && g.Count() > 1))
            {
                Add(FindingSeverity.Error, "NodesAlike", $"[SVRNODE] {twins.First().Name}",
                    $"{twins.Count()} servers have the same {word}, {twins.Key}: the ring takes them for one.",
                    "Remove the lines of hosts that are gone from the role.");
            }
        }
    }

    private void LookAtStore(RingConfiguration ini)
    {
        if (ini.StoreSettings.Count == 0)
        {
            Add(FindingSeverity.Error, "StoreMissing", "[K2HDKC]", "There is no section K2HDKC, so k2hdkc has no store.",
                "Add the section for servers.");
            return;
        }

        var type = ini.StoreSettings.GetValueOrDefault("K2HTYPE", "");
        if (type.Length == 0
            || (!type.StartsWith('m') && !type.StartsWith('M') && !type.StartsWith('t') && !type.StartsWith('T') && !type.StartsWith('f')
                && !type.StartsWith('F')))
            Add(FindingSeverity.Error, "StoreTypeInvalid", "[K2HDKC]", $"K2HTYPE is '{type}'.", "Use mem, temp or file.");
        else if (!type.StartsWith('m') && !type.StartsWith('M'))
            LookAtFile("[K2HDKC]", "K2HFILE", ini.StoreSettings.GetValueOrDefault("K2HFILE", ""), $"K2HTYPE = {type}");
    }

    private void LookAtPort(string target, string what, int port)
    {
        if (port is < 1 or > 65535)
            Add(FindingSeverity.Error, "PortMissing", target, $"There is no usable {what}.",
                "Set the cluster's port keys, such as chmpx-server-port and chmpx-server-ctlport.");
    }

    private void LookAtFile(string target, string setting, string path, string reason)
    {
        if (path.Length == 0)
            Add(FindingSeverity.Error, "FileMissing", target, $"{setting} is empty, and {reason} needs it.",
                $"Set {setting} to a path on the nodes.");
        else if (path[0] != '/')
            Add(FindingSeverity.Warning, "PathRelative", target, $"{setting} is '{path}', which depends on the folder chmpx is started in.",
                "Use an absolute path.");
    }
}
