using System.Globalization;
using System.Text;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Core.Clusters;

/// <summary>
/// The text of a cluster's K2HR3 resource: a K2HR3 template that yields the chmpx INI for whoever reads it. It keeps to what the template
/// engines of k2hr3_api 1.0.42 and 2.0.3 both understand: one operator per expression, no block inside another of its kind, statements on
/// the line of the text that follows them (a statement alone on a line would leave an empty one).
/// </summary>
public static class ClusterTemplate
{
    private const string Global =
        """
        CHMPXIDTYPE = CUSTOM
        DELIVERMODE = hash
        MAXCHMPX = 256
        REPLICA = 1
        MAXMQSERVER = 8
        MAXMQCLIENT = 128
        MQPERATTACH = 8
        MAXQPERSERVERMQ = 8
        MAXQPERCLIENTMQ = 8
        MAXMQPERCLIENT = 16
        MAXHISTLOG = 0

        """;

    private const string Limits =
        """
        SELFCUK = @CUK@
        RWTIMEOUT = @WAIT@
        RETRYCNT = @TRIES@
        CONTIMEOUT = @CONNECT@
        MQRWTIMEOUT = 500
        MQRETRYCNT = 10000
        MQACK = no
        AUTOMERGE = on
        DOMERGE = on
        MERGETIMEOUT = 0
        SOCKTHREADCNT = @THREADS@
        MQTHREADCNT = @THREADS@
        MAXSOCKPOOL = 16
        SOCKPOOLTIMEOUT = 0
        @TLS@
        K2HFULLMAP = on
        K2HMASKBIT = 4
        K2HCMASKBIT = 8
        K2HMAXELE = 16

        """;

    private const string Store =
        """

        [K2HDKC]
        K2HTYPE = file
        K2HFILE = @FILE@
        K2HFULLMAP = on
        K2HINIT = no
        K2HMASKBIT = 8
        K2HCMASKBIT = 8
        K2HMAXELE = 32
        K2HPAGESIZE = 512
        MAXTHREAD = 20

        """;

    private static readonly Place Guests =
        new("__SELF_INSTANCE_ID__", "/var/lib/antpickax/k2hdkc/data/k2hdkc.k2h", new(10000, 500, 1000, 8), "SSL = no", "SSL = no\n");

    // With threads for sockets chmpx 1.0.113 reads and writes a TLS connection at once (chmeventsock.cc locks only what is sent), which
    // breaks links between servers while a ring changes (docs/ring-changes.md, fault 10). Without them it waits RWTIMEOUT for more after
    // each message, so that is short here, and the tries are more: 5 s in all, since a handshake on a busy host takes more than half a
    // second, and a server that gives up on one takes the other for down.
    private static readonly Place Pods = new("%%SELF_CONTAINER_CUK%%", "/var/lib/antpickax/k2hdkc/k2hdkc.k2h", new(200, 25000, 200, 0),
        """
        SSL = on
        SSL_VERIFY_PEER = on
        CAPATH = /etc/antpickax/ca.crt
        SERVER_CERT = /etc/antpickax/server.crt
        SERVER_PRIKEY = /etc/antpickax/server.key
        SLAVE_CERT = /etc/antpickax/client.crt
        SLAVE_PRIKEY = /etc/antpickax/client.key
        """, "");

    /// <summary>
    /// Whether a tenant's name can stand in a template: its variables end at a blank, a per cent sign, a semicolon or a brace.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    public static bool CanName(string tenant) =>
        tenant.Length > 0 && !tenant.Any(c => char.IsWhiteSpace(c) || c is '%' or ';' or '{' or '}' or '\'' or '"');

    /// <summary>Makes the text.</summary>
    /// <param name="tenant">The K2HR3 tenant; lower case.</param>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="made">When it is made, for the INI's <c>DATE</c>.</param>
    public static string Text(string tenant, string cluster, DateTimeOffset made) => Text(
        tenant, cluster, string.Create(CultureInfo.InvariantCulture, $"{made.UtcDateTime:ddd MMM d HH:mm:ss} UTC {made.UtcDateTime:yyyy}"),
        Guests);

    /// <summary>Makes the text for the pods of a Kubernetes cluster: they speak TLS with certificates of the cluster's own.</summary>
    /// <param name="tenant">The K2HR3 tenant; lower case.</param>
    /// <param name="cluster">The cluster's name.</param>
    public static string PodText(string tenant, string cluster) => Text(tenant, cluster, "%%FILE_DOWNLOAD_DATE%%", Pods);

    private static string Text(string tenant, string cluster, string date, Place place)
    {
        var servers = $"%{Yrn.Of(tenant, YrnKind.Role, ClusterNames.Child(cluster, NodeRole.Server))}/hosts/ip%";
        var slaves = $"%{Yrn.Of(tenant, YrnKind.Role, ClusterNames.Child(cluster, NodeRole.Slave))}/hosts/ip%";
        var text = new StringBuilder();
        text.Append("{{#!k2hr3template }}\n[GLOBAL]\nFILEVERSION = 1\n");
        text.Append("DATE = ").Append(date).Append('\n');
        text.Append("GROUP = {{= %cluster-name% }}\nMODE = {{= %chmpx-mode% }}\n").Append(Global);
        text.Append("{{ if %chmpx-mode% == 'SERVER' }}PORT = {{= %chmpx-server-port% }}\n");
        text.Append("CTLPORT = {{= %chmpx-server-ctlport% }}\nSELFCTLPORT = {{= %chmpx-server-ctlport% }}\n");
        text.Append("{{ else }}CTLPORT = {{= %chmpx-slave-ctlport% }}\nSELFCTLPORT = {{= %chmpx-slave-ctlport% }}\n");
        text.Append("{{ endif }}")
            .Append(Limits.Replace("@CUK@", place.Cuk, StringComparison.Ordinal).Replace("@TLS@", place.Tls, StringComparison.Ordinal)
                .Replace("@WAIT@", Number(place.Sockets.Wait), StringComparison.Ordinal)
                .Replace("@TRIES@", Number(place.Sockets.Tries), StringComparison.Ordinal)
                .Replace("@CONNECT@", Number(place.Sockets.ConnectWait), StringComparison.Ordinal)
                .Replace("@THREADS@", Number(place.Sockets.Threads), StringComparison.Ordinal));
        text.Append(Each(servers, "SVRNODE", "PORT = {{= %chmpx-server-port% }}\nCTLPORT = {{= %chmpx-server-ctlport% }}\n", place));
        // chmpx refuses a configuration that names no slave at all.
        text.Append("{{ if 0 < ").Append(slaves).Append(".length }}");
        text.Append(Each(slaves, "SLVNODE", "CTLPORT = {{= %chmpx-slave-ctlport% }}\n", place));
        text.Append("{{ else }}\n[SLVNODE]\nNAME = 127.0.0.1\nCUK = dummy_cuk\nCTLPORT = {{= %chmpx-slave-ctlport% }}\nSSL = no\n{{ endif "
            + "}}");
        text.Append("{{ if %chmpx-mode% == 'SERVER' }}").Append(Store.Replace("@FILE@", place.File, StringComparison.Ordinal))
            .Append("{{ endif }}");
        return text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Each(string hosts, string section, string ports, Place place) =>
        $$$"""{{ foreach %host_key% in {{{hosts}}} }}{{ %one_host% = {{{hosts}}}{%host_key%} }}"""
        + $$$"""

        [{{{section}}}]
        NAME = {{= %one_host%{'host'} }}
        CUK = {{= %one_host%{'cuk'} }}
        {{{ports}}}CUSTOM_ID_SEED = {{= %one_host%{'tag'} }}
        {{{place.NodeTls}}}{{ done }}
        """;

    // What depends on where nodes run. Pods inherit the cluster's TLS settings; the words in double per cent signs are filled in there.
    private sealed record Place(string Cuk, string File, Sockets Sockets, string Tls, string NodeTls);

    // Microseconds of one wait for a socket, how often it is waited, and those of one wait for a connection.
    private sealed record Sockets(int Wait, int Tries, int ConnectWait, int Threads);
}
