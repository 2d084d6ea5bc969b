using System.Text.RegularExpressions;

namespace K2hdkcDbaas.Conventions.Tests;

/// <summary>docs/k2hr3-commands.md names every command of the k2hr3 shell tool, and cmdlets and parameters that the help knows.</summary>
public partial class K2hr3CommandsTests
{
    private static readonly string Text = File.ReadAllText(Checkout.PathOf("docs", "k2hr3-commands.md"));

    /// <summary>The commands of k2hr3_cli 1.0.17, from the help of each (src/libexec/*/help.sh).</summary>
    private static readonly string[] Shell =
    [
        "config show", "config set", "config clear", "token create utoken_cred", "token create utoken_optoken",
        "token create utoken_oidctoken", "token create token_cred",
        "token create token_utoken", "token create token_optoken", "token create token_oidctoken", "token show utoken", "token show token",
        "token check",
        "resource create", "resource show", "resource delete", "policy create", "policy show", "policy delete", "role create", "role show",
        "role delete",
        "role host add", "role host delete", "role token create", "role token show", "role token delete", "role token check",
        "list service", "list resource", "list role", "list policy", "service create", "service show", "service delete",
        "service tenant add",
        "service tenant delete", "service tenant check", "service verify update", "service member clear", "acr add", "acr delete",
        "acr show tenant", "acr show resource",
        "tenant create", "tenant update", "tenant show", "tenant delete", "userdata", "extdata", "version",
    ];

    public static TheoryData<string> Rows =>
        new(Row().Matches(Text).Select(m => m.Value.Trim()).Where(r => r.StartsWith("| `", StringComparison.Ordinal)));

    [Fact]
    public void Every_command_of_the_shell_tool_has_a_row() =>
        Assert.Equal(Shell.Order(StringComparer.Ordinal),
            Rows.SelectMany(r => Code().Matches(Cells(r.Data)[0]).Select(m => m.Groups[1].Value)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_names_what_the_help_knows(string row)
    {
        var means = Cells(row)[1];
        var names = Cmdlet().Matches(means).Select(m => m.Value).ToArray();
        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Contains(CmdletFacts.All, c => c.Name == name));
        var known = names.SelectMany(
            name => Heading().Matches(File.ReadAllText(Checkout.PathOf("src", "K2hdkcDbaas", "Help", "en-US", name + ".md"))))
            .Select(m => m.Groups[1].Value).ToHashSet();
        var parameters = Code().Matches(means).SelectMany(m => Parameter().Matches(m.Groups[1].Value)).Select(m => m.Groups[1].Value);
        Assert.All(parameters, p => Assert.Contains(p, known));
    }

    private static string[] Cells(string row) => [.. row.Trim('|').Split(" | ").Select(c => c.Trim())];

    [GeneratedRegex("^\\|.*\\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("\\b[A-Z][a-z]+-K2[A-Za-z0-9]+")]
    private static partial Regex Cmdlet();

    [GeneratedRegex("(?<![-\\w])-([A-Z][A-Za-z0-9]+)")]
    private static partial Regex Parameter();

    [GeneratedRegex("^### -(\\w+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
