namespace K2hdkcDbaas.Conventions.Tests;

/// <summary>Every cmdlet is used by a Pester suite of its theme; that its help page's examples run does not count.</summary>
public class CoverageTests
{
    private static readonly string Suites = string.Concat(Directory.GetFiles(Checkout.PathOf("tests", "Module"), "*.Tests.ps1")
        .Where(f => Path.GetFileName(f) != "Help.Tests.ps1").Select(File.ReadAllText));

    public static TheoryData<string> Cmdlets => new(CmdletFacts.All.Select(c => c.Name));

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Every_cmdlet_is_in_a_suite(string cmdlet) => Assert.Matches($@"(?<![\w-]){cmdlet}(?![\w-])", Suites);
}
