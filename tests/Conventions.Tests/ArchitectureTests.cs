using System.Xml.Linq;

namespace K2hdkcDbaas.Conventions.Tests;

/// <summary>Who may know whom, read from the project files.</summary>
public class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["K2hdkcDbaas"] = ["K2hdkcDbaas.Core", "K2hdkcDbaas.Loader"],
        ["K2hdkcDbaas.Loader"] = [],
        ["K2hdkcDbaas.Core"] =
            ["K2hdkcDbaas.OpenStack", "K2hdkcDbaas.K2hr3", "K2hdkcDbaas.Kubernetes", "K2hdkcDbaas.Client", "K2hdkcDbaas.Templates"],
        ["K2hdkcDbaas.OpenStack"] = ["K2hdkcDbaas.Http"],
        ["K2hdkcDbaas.Kubernetes"] = ["K2hdkcDbaas.Http"],
        ["K2hdkcDbaas.K2hr3"] = ["K2hdkcDbaas.Http", "K2hdkcDbaas.Templates"],
        ["K2hdkcDbaas.Client"] = ["K2hdkcDbaas.Protocol"],
        ["K2hdkcDbaas.Http"] = ["K2hdkcDbaas.Errors"],
        ["K2hdkcDbaas.Protocol"] = ["K2hdkcDbaas.Errors"],
        ["K2hdkcDbaas.Errors"] = [],
        ["K2hdkcDbaas.Templates"] = [],
        ["K2hdkcDbaas.Sandbox"] = ["K2hdkcDbaas.Protocol", "K2hdkcDbaas.Templates"],
    };

    public static TheoryData<string> Projects => new(Directory.GetFiles(Checkout.PathOf("src"), "*.csproj", SearchOption.AllDirectories)
        .Select(p => Path.GetFileNameWithoutExtension(p)));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Arrows_only_point_down(string project)
    {
        var known = References(project, "ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r)).Order();
        Assert.True(Allowed.ContainsKey(project), $"{project} is new: say in this test whom it may know.");
        Assert.Equal(Allowed[project].Order(), known);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Only_the_skin_and_its_loader_know_PowerShell(string project)
    {
        var knowsPowerShell = References(project, "PackageReference").Any(p => p.StartsWith("PowerShell", StringComparison.Ordinal));
        Assert.Equal(project is "K2hdkcDbaas" or "K2hdkcDbaas.Loader", knowsPowerShell);
    }

    private static IEnumerable<string> References(string project, string kind) =>
        XDocument.Load(Checkout.PathOf("src", project, project + ".csproj"))
            .Descendants(kind).Select(e => e.Attribute("Include")!.Value.Replace('\\', '/'));
}
