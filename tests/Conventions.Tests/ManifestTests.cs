using System.Xml.Linq;

namespace K2hdkcDbaas.Conventions.Tests;

/// <summary>The manifest says what is compiled, and one version is in one place.</summary>
public class ManifestTests
{
    private static readonly string Manifest = File.ReadAllText(Checkout.PathOf("K2hdkcDbaas.psd1"));

    private static string Version => XDocument.Load(Checkout.PathOf("Directory.Build.props")).Descendants("Version").Single().Value;

    [Theory]
    [InlineData("FunctionsToExport")]
    [InlineData("VariablesToExport")]
    [InlineData("DscResourcesToExport")]
    public void Nothing_else_is_exported(string key) => Assert.Matches(key + @"\s*= @\(\)", Manifest);

    [Fact]
    public void The_manifest_has_the_version_of_the_build() =>
        Assert.Contains($"ModuleVersion          = '{Version}'", Manifest, StringComparison.Ordinal);

    [Fact]
    public void The_changelog_speaks_of_this_version() =>
        Assert.Contains($"## {Version}", File.ReadAllText(Checkout.PathOf("CHANGELOG.md")), StringComparison.Ordinal);

    [Fact]
    public void The_views_name_types_that_exist()
    {
        var skin = CmdletFacts.All[0].Type.Assembly;
        var core = typeof(Core.Model.Cluster).Assembly;
        var named = XDocument.Load(Checkout.PathOf("src", "K2hdkcDbaas", "K2hdkcDbaas.Format.ps1xml")).Descendants("TypeName")
            .Select(t => t.Value).Distinct();
        Assert.All(named, name => Assert.NotNull(skin.GetType(name) ?? core.GetType(name)));
    }

    [Fact]
    public void The_views_name_properties_that_exist()
    {
        var skin = CmdletFacts.All[0].Type.Assembly;
        var core = typeof(Core.Model.Cluster).Assembly;
        var missing =
            from view in XDocument.Load(Checkout.PathOf("src", "K2hdkcDbaas", "K2hdkcDbaas.Format.ps1xml")).Descendants("View")
            from name in view.Descendants("TypeName")
            let type = skin.GetType(name.Value) ?? core.GetType(name.Value)
            from property in view.Descendants("PropertyName")
            where type?.GetProperty(property.Value) is null
            select $"{name.Value}.{property.Value}";
        Assert.Empty(missing);
    }
}
