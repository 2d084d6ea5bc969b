using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Core.Tests;

public class NamePatternTests
{
    [Theory]
    [InlineData("*", "anything", true)]
    [InlineData(null, "anything", true)]
    [InlineData("demo", "demo", true)]
    [InlineData("demo", "Demo", true)]
    [InlineData("demo", "demo2", false)]
    [InlineData("demo*", "demo2", true)]
    [InlineData("d?mo", "dxmo", true)]
    [InlineData("d?mo", "dmo", false)]
    [InlineData("db[1-3]", "db2", true)]
    [InlineData("db[1-3]", "db4", false)]
    [InlineData("db[", "db[", true)]
    [InlineData("db[3-1]", "db[3-1]", true)]
    [InlineData("db[^a]", "db^", true)]
    [InlineData("a`*b", "a*b", true)]
    [InlineData("a`*b", "axb", false)]
    [InlineData("a.c", "abc", false)]
    [InlineData("a.*", "a.c", true)]
    public void Fits_as_PowerShell_does(string? pattern, string name, bool fits) => Assert.Equal(fits, new NamePattern(pattern).Fits(name));

    [Fact]
    public void A_hostile_pattern_costs_no_time()
    {
        var pattern = new NamePattern(string.Concat(Enumerable.Repeat("*a", 200)) + "b");
        Assert.False(pattern.Fits(new string('a', 10_000)));
    }
}
