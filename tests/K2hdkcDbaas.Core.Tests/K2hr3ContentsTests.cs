using System.Text.Json;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Core.Tests;

/// <summary>Who may what, the file form and what an import would change, on contents made by hand.</summary>
public class K2hr3ContentsTests
{
    private static readonly Yrn App = Yrn.Make("demo", YrnKind.Resource, "app");

    [Theory]
    [InlineData("own", true, "p-allow")]
    [InlineData("own/child", true, "p-allow")]
    [InlineData("alias", true, "p-allow")]
    [InlineData("denied", false, "p-deny")]
    [InlineData("overruled", true, "p-allow")]
    [InlineData("other", false, null)]
    [InlineData("none", false, null)]
    [InlineData("through", true, "p-allow")]
    public void The_last_policy_that_names_it_decides(string role, bool allowed, string? policy)
    {
        var decision = new AccessRules(Contents()).Decide(Yrn.Make("demo", YrnKind.Role, role), App, "read");

        Assert.Equal((allowed, policy is null ? null : $"yrn:yahoo:::demo:policy:{policy}"), (decision.IsAllowed, decision.Policy));
        Assert.False(new AccessRules(Contents()).Decide(Yrn.Make("demo", YrnKind.Role, role), App, "write").IsAllowed);
    }

    [Fact]
    public void The_way_to_the_policy_is_told()
    {
        var rules = new AccessRules(Contents());

        Assert.Equal(["yrn:yahoo:::demo:role:alias", "yrn:yahoo:::demo:role:own", "yrn:yahoo:::demo:policy:p-allow"],
            rules.Decide(Yrn.Make("demo", YrnKind.Role, "alias"), App, "read").Path);
        Assert.Equal(["yrn:yahoo:::demo:role:through", "yrn:yahoo:::demo:policy:p-through", "yrn:yahoo:::demo:policy:p-allow"],
            rules.Decide(Yrn.Make("demo", YrnKind.Role, "through"), App, "read").Path);
        Assert.Equal(["own", "own/child"], rules.RolesOf("10.0.0.9").Select(r => r.Name));
        Assert.Equal(["alias", "overruled", "own", "own/child", "through"],
            rules.Of(App, "read").Where(d => d.IsAllowed).Select(d => Yrn.NameOf(d.Role)));
    }

    [Fact]
    public void What_was_written_reads_the_same_and_changes_nothing()
    {
        var contents = Contents();

        var read = ContentsYaml.Read(ContentsYaml.Write(contents, withHosts: true), "demo");

        Assert.Equal(contents.Resources["app"].Text, read.Resources["app"].Text);
        Assert.Empty(ContentsImport.Compare(read, contents));
    }

    [Fact]
    public void A_file_serves_another_tenant()
    {
        var read = ContentsYaml.Read(ContentsYaml.Write(Contents(), withHosts: false), "prod");

        Assert.Contains("%yrn:yahoo:::prod:role:own/hosts/ip%", read.Resources["app"].Text);
        Assert.Equal(["yrn:yahoo:::prod:resource:app"], read.Policies["p-allow"].Resources!);
        Assert.Equal(["yrn:yahoo:::prod:role:own"], read.Roles["alias"].Aliases);
    }

    [Fact]
    public void A_difference_is_told_by_object_and_key()
    {
        var wanted = ContentsYaml.Read(
            "format: k2hr3-configuration\nversion: 1\ntenant: demo\nresources:\n  app:\n    keys: {port: 8081, mode: \"007\"}\nroles:\n "
                + " new: {policies: [p-allow]}\n", "demo");

        var changes = ContentsImport.Compare(wanted, Contents());

        Assert.Equal(
            [("app", "keys.mode", "null", "\"007\""), ("app", "keys.port", "8080", "8081"), ("app", "keys.text", "\"1\"", null),
                ("new", "policies", "", "yrn:yahoo:::demo:policy:p-allow")],
            changes.Select(c => (c.Name, c.Member, c.Before, c.After)));
        Assert.True(changes[^1].IsNew);
    }

    [Theory]
    [InlineData("resources: {}", "format")]
    [InlineData("format: k2hr3-configuration\nversion: 9", "version")]
    [InlineData("format: k2hr3-configuration\nversion: 1\npolicies:\n  p: {effect: maybe}", "line 4")]
    [InlineData("format: k2hr3-configuration\nversion: 1\nroles:\n  - x", "roles")]
    [InlineData("a: [", "line")]
    public void What_is_no_such_file_is_refused_with_the_place(string text, string says)
    {
        var e = Assert.Throws<DbaasException>(() => ContentsYaml.Read(text, "demo"));
        Assert.Equal(ErrorIds.K2hr3FileInvalid, e.ErrorId);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_finds_what_is_wrong()
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var contents = Contents() with
        {
            Resources =
            new Dictionary<string, Resource>(Contents().Resources) { ["bad"] = new() { Text = "x\n{{ nope }}" } }
        };
        var tokens = new Dictionary<string, IReadOnlyList<RoleToken>>
        {
            ["own"] =
            [new RoleToken("s", "p") { Expires = now.AddYears(10) }]
        };

        var findings = ContentsCheck.Run(contents, tokens, now);

        Assert.Contains(findings,
            f => f is { Check: "TemplateInvalid", Severity: FindingSeverity.Error }
                && f.Message.Contains("Line 2, column 4", StringComparison.Ordinal));
        Assert.Contains(findings, f => f is { Check: "TokenWithoutEnd", Target: "yrn:yahoo:::demo:role:own" });
        Assert.Contains(findings, f => f is { Check: "RoleUnused", Target: "yrn:yahoo:::demo:role:none" });
        Assert.DoesNotContain(findings, f => f is { Check: "RoleUnused", Target: "yrn:yahoo:::demo:role:own" });
        Assert.Contains(findings, f => f is { Check: "NameMissing", Target: "yrn:yahoo:::demo:role:other" });
    }

    [Theory]
    [InlineData(ListKind.Resource, "app", "policy p-allow, policy p-deny, resource plain")]
    [InlineData(ListKind.Resource, "none", "")]
    [InlineData(ListKind.Policy, "p-allow", "policy p-through")]
    [InlineData(ListKind.Policy, "p-deny", "")]
    [InlineData(ListKind.Role, "own", "")]
    public void What_names_a_thing_is_told_as_K2HR3_counts_it(ListKind kind, string name, string users) =>
        Assert.Equal(users, string.Join(", ", ContentsUse.Of(Contents(), kind, name)));

    [Theory]
    [InlineData("REPLICA = 1", "REPLICA = 5", "ReplicasTooMany", true)]
    [InlineData("PORT = 8020\nCTLPORT = 8021\nCUK = c2", "PORT = 8021\nCTLPORT = 8021\nCUK = c2", "PortsAlike", false)]
    [InlineData("CUK = c2", "CUK = c1", "NodesAlike", false)]
    [InlineData("SSL = no\n#2", "SSL = yes\n#2", "FileMissing", false)]
    [InlineData("NAME = 10.0.0.2", "NAME = ten two", "NameInvalid", false)]
    [InlineData("MODE = SERVER", "MODE = SLAVE", "ModeWrong", false)]
    [InlineData("[SLVNODE]\nNAME = 127.0.0.1\nCTLPORT = 8031\n", "", "NoSlave", false)]
    [InlineData("K2HFILE = /k", "K2HFILE =", "FileMissing", false)]
    [InlineData("CUSTOM_ID_SEED = s2", "", "SeedMissing", false)]
    [InlineData("SSL = no\n#2", "SSL = yes\nSERVER_CERT = /c\nSERVER_PRIKEY = /k\n#2", "TlsThreads", true)]
    [InlineData("PORT = 8020\nCTLPORT = 8021\nCUK = c2", "PORT = x\nCTLPORT = 8021\nCUK = c2", "ConfigurationUnreadable", false)]
    public void A_cluster_is_checked_as_a_node_would_read_it(string from, string to, string check, bool valid)
    {
        const string good =
            "[GLOBAL]\nGROUP = tcl\nMODE = SERVER\nCHMPXIDTYPE = CUSTOM\nDELIVERMODE = hash\nREPLICA = 1\nPORT = 8020\nCTLPORT = 8021\nSSL "
                + "= no\nSOCKTHREADCNT = 8\n"
                + "[SVRNODE]\nNAME = 10.0.0.1\nPORT = 8020\nCTLPORT = 8021\nCUK = c1\nCUSTOM_ID_SEED = s1\n[SVRNODE]\nNAME = "
                + "10.0.0.2\nPORT = 8020\nCTLPORT = 8021\nCUK = c2\nCUSTOM_ID_SEED = s2\nSSL = no\n#2\n"
                + "[SLVNODE]\nNAME = 127.0.0.1\nCTLPORT = 8031\n[K2HDKC]\nK2HTYPE = file\nK2HFILE = /k\n";

        Assert.Empty(ClusterConfigurationCheck.Run("tcl", NodeRole.Server, good, []).Findings);
        var report = ClusterConfigurationCheck.Run("tcl", NodeRole.Server, good.Replace(from, to, StringComparison.Ordinal),
            [new TemplateVariable("gone", 3, 4)]);

        Assert.Contains(report.Findings, f => f.Check == check);
        Assert.Contains(report.Findings, f => f is { Check: "VariableMissing", Target: "%gone%" });
        Assert.Equal(valid, report.IsValid);
    }

    [Fact]
    public async Task A_trial_looks_up_what_was_given()
    {
        var keys = new TemplateMap { ["n"] = 2d };
        var roles = new Dictionary<string, IReadOnlyList<RoleHost>>
        {
            ["web/a"] =
            [new RoleHost { Host = "10.0.0.2" }, new RoleHost { Host = "db.example" }],
            ["web"] = [new RoleHost { Host = "10.0.0.1", Cuk = "c" }]
        };
        var trial = new TemplateTrial(keys, roles);

        var (expansion, variables) = await trial.ExpandAsync(
            "{{ foreach %h% in %yrn:yahoo:::demo:role:web/hosts/ip% }}{{= %h% }};{{ done }}{{= "
                + "%yrn:yahoo:::demo:role:web/hosts/all%.length }}{{= %gone% }}", K2hr3Version.V2, CancellationToken.None);

        Assert.Equal("10.0.0.1,0,c;10.0.0.2,0,;3", expansion.Text);
        Assert.Equal(["gone"], expansion.Missing.Select(m => m.Name));
        Assert.True(variables.ContainsKey("h") && !keys.ContainsKey("h"));
        var e = await Assert.ThrowsAsync<DbaasException>(() => trial.ExpandAsync("a\n {{= }}", K2hr3Version.V2, CancellationToken.None));
        Assert.Contains("Line 2, column", e.Message, StringComparison.Ordinal);
    }

    private static K2hr3Contents Contents()
    {
        static string P(string name) => Yrn.Policy("demo", name);
        static Role R(string[] policies, string[]? aliases = null, params RoleHost[] hosts) => new(policies, aliases ?? [], hosts);
        static Policy Rule(string effect, string[] actions, string[] resources, params string[] aliases) =>
            new() { Effect = effect, Actions = actions, Resources = resources, Aliases = aliases };
        return new K2hr3Contents(
            "demo",
            new Dictionary<string, Resource>
            {
                ["app"] = new()
                {
                    Text = "{{#!k2hr3template }}\n a: 'b' # c\n\t{{= %yrn:yahoo:::demo:role:own/hosts/ip%.length }} \n",
                    Keys = new Dictionary<string, JsonElement>
                    {
                        ["port"] = JsonSerializer.SerializeToElement(8080),
                        ["mode"] = JsonSerializer.SerializeToElement<string?>(null),
                        ["text"] = JsonSerializer.SerializeToElement("1")
                    },
                },
                ["plain"] = new() { Text = "yes", Aliases = ["yrn:yahoo:::demo:resource:app"] },
            },
            new Dictionary<string, Policy>
            {
                ["p-allow"] = Rule("allow", [Yrn.Read], [App.ToString()]),
                ["p-deny"] = Rule("deny", [Yrn.Read], [App.ToString()]),
                ["p-other"] = Rule("allow", [Yrn.Read], ["yrn:yahoo:::demo:resource:plain"]),
                ["p-through"] = Rule("allow", [Yrn.Read], [], P("p-allow")),
            },
            new Dictionary<string, Role>
            {
                ["own"] = R([P("p-allow")]),
                ["own/child"] = R([], null, new RoleHost { Host = "10.0.0.9", Cuk = "c9" }),
                ["alias"] = R([], ["yrn:yahoo:::demo:role:own"]),
                ["denied"] = R([P("p-allow"), P("p-deny")]),
                ["overruled"] = R([P("p-deny"), P("p-allow")]),
                ["other"] = R([P("p-other"), P("p-gone")]),
                ["none"] = R([]),
                ["through"] = R([P("p-through")]),
            });
    }
}
