using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Protocol.Tests;

public class ConfigurationTests
{
    private const string Ini = """
        # a slave's configuration
        [GLOBAL]
        GROUP = "my ring"      # a comment
        MODE = SLAVE
        CHMPXIDTYPE = custom
        DELIVERMODE = hash
        REPLICA = 1
        CTLPORT = 8031
        SELFCUK = 'a#b'
        SSL = no
        CAPATH = /etc/ring/ca.pem

        [SVRNODE]
        NAME = 10.0.0.1
        CUK = cuk-s1
        PORT = 8020
        CTLPORT = 8021
        CUSTOM_ID_SEED = s1.novalocal
        ENDPOINTS = alias:9000, [fe80::1]:9001
        SSL = yes
        SSL_VERIFY_PEER = yes
        SLAVE_CERT = /etc/ring/slave.crt
        SLAVE_PRIKEY = /etc/ring/slave.key

        [SVRNODE]
        NAME = 10.0.0.2
        PORT = 8020
        CTLPORT = 8021
        CUSTOM_ID_SEED = s2\#x

        [SLVNODE]
        NAME = [.]*
        CTLPORT = 8031
        CUK = cli-.*

        [K2HDKC]
        K2HTYPE = mem
        """;

    private const string Json = """
        {"GLOBAL":{"GROUP":"my ring","MODE":"SLAVE","CHMPXIDTYPE":"CUSTOM","DELIVERMODE":"hash","REPLICA":"1","CTLPORT":"8031","SELFCUK":"a#b","SSL":"no","CAPATH":"/etc/ring/ca.pem"},
         "SVRNODE":[{"NAME":"10.0.0.1","CUK":"cuk-s1","PORT":"8020","CTLPORT":8021,"CUSTOM_ID_SEED":"s1.novalocal","ENDPOINTS":"alias:9000,[fe80::1]:9001","SSL":"yes","SSL_VERIFY_PEER":"yes",
                     "SLAVE_CERT":"/etc/ring/slave.crt","SLAVE_PRIKEY":"/etc/ring/slave.key"},
                    {"NAME":"10.0.0.2","PORT":"8020","CTLPORT":"8021","CUSTOM_ID_SEED":"s2#x"}],
         "SLVNODE":[{"NAME":"[.]*","CTLPORT":"8031","CUK":"cli-.*"}],"K2HDKC":{"K2HTYPE":"mem"}}
        """;

    private const string Yaml = """
        GLOBAL:
          GROUP: my ring
          MODE: SLAVE
          CHMPXIDTYPE: CUSTOM
          DELIVERMODE: hash
          REPLICA: 1
          CTLPORT: 8031
          SELFCUK: "a#b"
          SSL: no
          CAPATH: /etc/ring/ca.pem
        SVRNODE:
          - NAME: 10.0.0.1
            CUK: cuk-s1
            PORT: 8020
            CTLPORT: 8021
            CUSTOM_ID_SEED: s1.novalocal
            ENDPOINTS: "alias:9000,[fe80::1]:9001"
            SSL: yes
            SSL_VERIFY_PEER: yes
            SLAVE_CERT: /etc/ring/slave.crt
            SLAVE_PRIKEY: /etc/ring/slave.key
          - NAME: 10.0.0.2
            PORT: 8020
            CTLPORT: 8021
            CUSTOM_ID_SEED: "s2#x"
        SLVNODE:
          - NAME: "[.]*"
            CTLPORT: 8031
            CUK: cli-.*
        K2HDKC:
          K2HTYPE: mem
        """;

    public static readonly string[] Samples = [Ini, Json, Yaml];

    public static TheoryData<string> Forms => new(Samples);

    [Theory]
    [MemberData(nameof(Forms))]
    public void The_three_forms_say_the_same(string text)
    {
        var ring = RingConfiguration.Parse(text);
        Assert.Equal(("my ring", false, NodeIdType.Custom, DeliveryMode.Hash, 1),
            (ring.Group, ring.IsServer, ring.IdType, ring.DeliveryMode, ring.Replicas));
        Assert.Equal((8031, "a#b", "mem"), (ring.ControlPort, ring.SelfCuk, ring.StoreSettings["K2HTYPE"]));
        var first = ring.Servers[0];
        Assert.Equal(("10.0.0.1", 8020, 8021, "cuk-s1", "s1.novalocal"),
            (first.Name, first.Port, first.ControlPort, first.Cuk, first.CustomSeed));
        Assert.Equal([new HostPort("alias", 9000), new HostPort("fe80::1", 9001)], first.Endpoints);
        Assert.Equal(
            new TlsSettings
            {
                IsEnabled = true,
                VerifyPeer = true,
                CaPath = "/etc/ring/ca.pem",
                SlaveCertificate = "/etc/ring/slave.crt",
                SlaveKey = "/etc/ring/slave.key"
            }, first.Tls);
        Assert.Equal(("s2#x", false, "/etc/ring/ca.pem"),
            (ring.Servers[1].CustomSeed, ring.Servers[1].Tls.IsEnabled, ring.Servers[1].Tls.CaPath));
        Assert.Equal(("[.]*", 8031, "cli-.*"), (ring.Slaves[0].Name, ring.Slaves[0].ControlPort, ring.Slaves[0].Cuk));
    }

    [Theory]
    [InlineData("", "GLOBAL")]
    [InlineData("[GLOBAL]\nMODE=SLAVE", "GROUP")]
    [InlineData("[GLOBAL]\nGROUP=g\nREPLICA=-1", "REPLICA")]
    [InlineData("[GLOBAL]\nGROUP=g\nCHMPXIDTYPE=what", "CHMPXIDTYPE")]
    [InlineData("[GLOBAL]\nGROUP=g\n[SVRNODE]\nPORT=1", "NAME")]
    [InlineData("[GLOBAL]\nGROUP=g\n[SVRNODE]\nNAME=a\nPORT=70000", "70000")]
    [InlineData("[GLOBAL]\nGROUP=g\n[SVRNODE]\nNAME=a\nENDPOINTS=a:b:c:d, :1", ":1")]
    [InlineData("[GLOBAL]\nnonsense", "Line 2")]
    [InlineData("GROUP=g", "Line 1")]
    [InlineData("[GLOBAL]\nGROUP='g", "Line 2")]
    [InlineData("[GLOBAL]\nGROUP=g\nINCLUDE = other.ini", "other.ini")]
    [InlineData("{\"GLOBAL\":", "JSON")]
    [InlineData("{\"GLOBAL\":1}", "GLOBAL")]
    [InlineData("GLOBAL: [", "YAML")]
    [InlineData("GLOBAL:\n  GROUP: {a: b}", "line")]
    // A key that holds itself: hashing it would never end.
    [InlineData("? &a [*a]\n: b", "YAML")]
    [InlineData("GLOBAL: &g\n  GROUP: g\nK2HDKC: *g\n", "YAML")]
    [InlineData("{\"GLOBAL\":{\"GROUP\":\"\\ud800\"}}", "JSON")]
    [InlineData("{\"GLOBAL\":{\"GROUP\":\"g\",\"\\udfff\":[\"\\ud800\"]}}", "JSON")]
    public void What_cannot_be_is_refused_and_named(string text, string named)
    {
        var error = Assert.Throws<DbaasException>(() => RingConfiguration.Parse(text));
        Assert.Equal((ErrorKind.InvalidInput, "InvalidRingConfiguration"), (error.Kind, error.ErrorId));
        Assert.Contains(named, error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Included_files_are_read_in_place_and_circles_end()
    {
        var ring = RingConfiguration.Parse("[GLOBAL]\nGROUP=g\nINCLUDE = more.ini\n",
            include: name => name == "more.ini" ? "[SVRNODE]\nNAME=a\nPORT=1\n" : "");
        Assert.Equal("a", ring.Servers.Single().Name);
        Assert.Throws<DbaasException>(() => RingConfiguration.Parse("[GLOBAL]\nGROUP=g\nINCLUDE=self\n", include: _ => "INCLUDE=self\n"));
    }

    [Theory]
    [InlineData(100_000)]
    public void Deep_nesting_is_refused(int depth)
    {
        Assert.Throws<DbaasException>(() => RingConfiguration.Parse("GLOBAL: " + new string('[', depth), ConfigurationFormat.Yaml));
        Assert.Throws<DbaasException>(() => RingConfiguration.Parse("{\"GLOBAL\":" + new string('[', depth), ConfigurationFormat.Json));
    }
}
