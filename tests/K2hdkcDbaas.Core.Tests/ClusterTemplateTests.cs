using System.Text.Json;
using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Core.Tests;

public class ClusterTemplateTests
{
    private static readonly string Text = ClusterTemplate.Text("tenant0", "tcl", new DateTimeOffset(2026, 11, 1, 4, 39, 7, TimeSpan.Zero));

    [Fact]
    public void Begins_with_the_engine_line_and_the_date_of_its_making() =>
        Assert.StartsWith(
            "{{#!k2hr3template }}\n[GLOBAL]\nFILEVERSION = 1\nDATE = Sun Nov 1 04:39:07 UTC 2026\nGROUP = {{= %cluster-name% }}\n", Text);

    [Fact]
    public void Reads_the_roles_of_its_own_tenant_and_cluster()
    {
        Assert.Equal(2, Count("%yrn:yahoo:::tenant0:role:tcl/server/hosts/ip%"));
        Assert.Equal(3, Count("%yrn:yahoo:::tenant0:role:tcl/slave/hosts/ip%"));
    }

    [Fact]
    public void Pods_speak_TLS_from_one_thread_and_have_time_for_handshakes()
    {
        var pods = ClusterTemplate.PodText("tenant0", "tcl");
        Assert.Contains("RWTIMEOUT = 200\nRETRYCNT = 25000\nCONTIMEOUT = 200\n", pods, StringComparison.Ordinal);
        Assert.Contains("SOCKTHREADCNT = 0\nMQTHREADCNT = 0\n", pods, StringComparison.Ordinal);
        Assert.Contains("SSL = on\nSSL_VERIFY_PEER = on\n", pods, StringComparison.Ordinal);
    }

    [Fact]
    public void Keeps_to_what_both_engines_can_do()
    {
        Assert.DoesNotContain('\r', Text);
        Assert.DoesNotContain("}}}", Text);
        Assert.DoesNotContain("{{{", Text);
        // No block of a kind inside another of that kind: the depth of each never passes one.
        var (ifs, loops) = (0, 0);
        foreach (var statement in Text.Split("{{").Skip(1).Select(s => s.Split("}}")[0].Trim()))
        {
            if (statement.StartsWith("if ")) Assert.Equal(1, ++ifs);
            if (statement == "endif") ifs--;
            if (statement.StartsWith("foreach ")) Assert.Equal(1, ++loops);
            if (statement == "done") loops--;
        }
        Assert.Equal((0, 0), (ifs, loops));
    }

    [Theory]
    [InlineData(K2hr3Version.V1, "SERVER", 3, 2)]
    [InlineData(K2hr3Version.V2, "SERVER", 3, 2)]
    [InlineData(K2hr3Version.V1, "SLAVE", 1, 0)]
    [InlineData(K2hr3Version.V2, "SLAVE", 1, 0)]
    [InlineData(K2hr3Version.V1, "SERVER", 0, 0)]
    [InlineData(K2hr3Version.V2, "SERVER", 0, 0)]
    public void Yields_the_INI_of_the_existing_tool(K2hr3Version version, string mode, int servers, int slaves)
    {
        var variables = (TemplateMap)TemplateJson.ToValue(JsonSerializer.SerializeToElement(new Dictionary<string, object>
        {
            ["cluster-name"] = "tcl",
            ["chmpx-mode"] = mode,
            ["chmpx-server-port"] = 8020,
            ["chmpx-server-ctlport"] = 8021,
            ["chmpx-slave-ctlport"] = 8031,
            ["yrn:yahoo:::tenant0:role:tcl/server/hosts/ip"] = Hosts("s", servers),
            ["yrn:yahoo:::tenant0:role:tcl/slave/hosts/ip"] = Hosts("l", slaves),
        }))!;

        var ini = K2hr3Template.Load(Text, version).Execute(variables);

        var server = mode == "SERVER";
        var expected = "[GLOBAL]\nFILEVERSION = 1\nDATE = Sun Nov 1 04:39:07 UTC 2026\nGROUP = tcl\nMODE = " + mode
            + "\nCHMPXIDTYPE = CUSTOM\nDELIVERMODE = hash\nMAXCHMPX = 256\nREPLICA = 1\n"
            + "MAXMQSERVER = 8\nMAXMQCLIENT = 128\nMQPERATTACH = 8\nMAXQPERSERVERMQ = 8\nMAXQPERCLIENTMQ = 8\nMAXMQPERCLIENT = "
            + "16\nMAXHISTLOG = 0\n"
            + (server ? "PORT = 8020\nCTLPORT = 8021\nSELFCTLPORT = 8021\n" : "CTLPORT = 8031\nSELFCTLPORT = 8031\n")
            + "SELFCUK = __SELF_INSTANCE_ID__\nRWTIMEOUT = 10000\nRETRYCNT = 500\nCONTIMEOUT = 1000\nMQRWTIMEOUT = 500\nMQRETRYCNT = "
            + "10000\nMQACK = no\nAUTOMERGE = on\nDOMERGE = on\n"
            + "MERGETIMEOUT = 0\nSOCKTHREADCNT = 8\nMQTHREADCNT = 8\nMAXSOCKPOOL = 16\nSOCKPOOLTIMEOUT = 0\nSSL = no\nK2HFULLMAP = "
            + "on\nK2HMASKBIT = 4\nK2HCMASKBIT = 8\nK2HMAXELE = 16\n";
        for (var i = 1; i <= servers; i++)
            expected += $"\n[SVRNODE]\nNAME = 10.0.0.{i}\nCUK = cuk-s{i}\nPORT = 8020\nCTLPORT = 8021\nCUSTOM_ID_SEED = "
                + $"s{i}.novalocal\nSSL = no\n";
        for (var i = 1; i <= slaves; i++)
            expected += $"\n[SLVNODE]\nNAME = 10.0.0.{i}\nCUK = cuk-l{i}\nCTLPORT = 8031\nCUSTOM_ID_SEED = l{i}.novalocal\nSSL = no\n";
        if (slaves == 0) expected += "\n[SLVNODE]\nNAME = 127.0.0.1\nCUK = dummy_cuk\nCTLPORT = 8031\nSSL = no\n";
        if (server)
            expected += "\n[K2HDKC]\nK2HTYPE = file\nK2HFILE = /var/lib/antpickax/k2hdkc/data/k2hdkc.k2h\nK2HFULLMAP = on\nK2HINIT = "
                + "no\nK2HMASKBIT = 8\nK2HCMASKBIT = 8\nK2HMAXELE = 32\nK2HPAGESIZE = 512\nMAXTHREAD = 20\n";
        Assert.Equal(expected, ini);
    }

    [Theory]
    [InlineData("demo", true)]
    [InlineData("my project", false)]
    [InlineData("50%", false)]
    [InlineData("a;b", false)]
    [InlineData("", false)]
    public void Knows_which_tenants_it_can_name(string tenant, bool can) => Assert.Equal(can, ClusterTemplate.CanName(tenant));

    private static Dictionary<string, object> Hosts(string kind, int count) =>
        Enumerable.Range(1, count).ToDictionary(i => $"10.0.0.{i},0,cuk-{kind}{i}",
            i => (object)new
            {
                host = $"10.0.0.{i}",
                port = 0,
                cuk = $"cuk-{kind}{i}",
                extra = "openstack-auto-v1",
                tag = $"{kind}{i}.novalocal"
            });

    private static int Count(string part) => Text.Split(part).Length - 1;
}
