using System.Text.RegularExpressions;

namespace K2hdkcDbaas.Conventions.Tests;

/// <summary>CONTRIBUTING.md is true as far as the places that it names are there.</summary>
public partial class ContributingTests
{
    public static TheoryData<string> Paths =>
        new(Named().Matches(File.ReadAllText(Checkout.PathOf("CONTRIBUTING.md"))).Select(m => m.Groups[1].Value).Distinct());

    [Theory]
    [MemberData(nameof(Paths))]
    public void What_it_names_is_there(string path) => Assert.True(Path.Exists(Checkout.PathOf(path.Split('/'))), path);

    [GeneratedRegex("`(?:dotnet test )?((?:src|tests|en-US)(?:/[\\w.-]+)*|[\\w-]+\\.(?:psd1|md))`")]
    private static partial Regex Named();
}
