using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace K2hdkcDbaas.Conventions.Tests;

/// <summary>Every cmdlet and parameter has help, and en-US/ was made from the pages as they are. Mend with 'build.ps1 Help'.</summary>
public partial class HelpTests
{
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    private static readonly Dictionary<string, XElement> Made = XDocument.Load(Checkout.PathOf("en-US", "K2hdkcDbaas.dll-Help.xml"))
        .Root!.Elements(Command + "command").ToDictionary(c => c.Element(Command + "details")!.Element(Command + "name")!.Value);

    public static TheoryData<string> Cmdlets => new(CmdletFacts.All.Select(c => c.Name));

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void The_made_help_is_what_the_page_says(string cmdlet)
    {
        var page = Page(cmdlet);
        Assert.DoesNotContain("{{ Fill", page, StringComparison.Ordinal);
        Assert.True(Made.TryGetValue(cmdlet, out var made), "en-US/ does not know it");
        Assert.Equal(Plain(Section(page, "SYNOPSIS")), Plain(made.Element(Command + "details")!.Element(Maml + "description")!.Value));
        Assert.Equal(Plain(Section(page, "DESCRIPTION")),
            Plain(string.Join(' ', made.Element(Maml + "description")!.Elements().Select(e => e.Value))));
        Assert.Equal(
            Examples(page), made.Descendants(Command + "example").Select(e => e.Element(Dev + "code")!.Value.Trim()).ToArray());
        var parameters = made.Element(Command + "parameters")!.Elements(Command + "parameter")
            .ToDictionary(p => p.Element(Maml + "name")!.Value, p => Plain(p.Element(Maml + "description")!.Value));
        Assert.Equal(Parameters(page).OrderBy(p => p.Key, StringComparer.Ordinal), parameters.OrderBy(p => p.Key, StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void The_syntax_knows_every_parameter(string cmdlet)
    {
        var syntax = Made[cmdlet].Element(Command + "syntax")!.Descendants(Command + "parameter")
            .Select(p => p.Element(Maml + "name")!.Value).ToHashSet();
        Assert.All(CmdletFacts.Of(cmdlet).Parameters, p => Assert.Contains(p.Name, syntax));
    }

    [Fact]
    public void No_help_is_left_of_cmdlets_that_are_gone()
    {
        var names = CmdletFacts.All.Select(c => c.Name).ToArray();
        Assert.Equal(names, Made.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(names,
            Directory.GetFiles(Folder, "*-*.md").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_about_topic_names_every_cmdlet_but_those_named_by_family()
    {
        var about = File.ReadAllText(Checkout.PathOf("en-US", "about_K2hdkcDbaas.help.txt"));
        var missing = CmdletFacts.All.Select(c => c.Noun).Distinct().Where(noun => !about.Contains(noun, StringComparison.Ordinal));
        Assert.Empty(missing);
    }

    private static string Folder => Checkout.PathOf("src", "K2hdkcDbaas", "Help", "en-US");

    private static string Page(string cmdlet)
    {
        var path = Path.Combine(Folder, cmdlet + ".md");
        Assert.True(File.Exists(path), $"{cmdlet} has no page");
        return File.ReadAllText(path);
    }

    private static string Section(string page, string heading) =>
        Regex.Match(page, $@"^## {heading}\n(.*?)(?=^## |\z)", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value;

    private static string[] Examples(string page) => [.. Fence().Matches(Section(page, "EXAMPLES")).Select(m => m.Groups[1].Value.Trim())];

    private static Dictionary<string, string> Parameters(string page) =>
        ParameterPart().Matches(Section(page, "PARAMETERS")).ToDictionary(m => m.Groups[1].Value, m => Plain(m.Groups[2].Value));

    /// <summary>Text with no regard to line ends and Markdown's marks for code.</summary>
    private static string Plain(string text) =>
        Space().Replace(
            text.Replace("`", "", StringComparison.Ordinal).Replace("**", "", StringComparison.Ordinal)
                .Replace("\\", "", StringComparison.Ordinal), " ").Trim();

    [GeneratedRegex(@"^```powershell\n(.*?)\n```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^### -(\w+)\n(.*?)(?=^```yaml)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ParameterPart();

    [GeneratedRegex(@"[\s\u0080]+")]
    private static partial Regex Space();
}
