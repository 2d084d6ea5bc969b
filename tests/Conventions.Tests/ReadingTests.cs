using System.Text.RegularExpressions;

namespace K2hdkcDbaas.Conventions.Tests;

/// <summary>What makes files easy to read.</summary>
public partial class ReadingTests
{
    private const int Columns = 140;

    private static readonly List<string> Files =
        [.. new[] { "src", "tests",
            "examples" }.SelectMany(f => Directory.GetFiles(Checkout.PathOf(f), "*.cs", SearchOption.AllDirectories))
            .Select(f => Path.GetRelativePath(Checkout.Root, f).Replace('\\', '/'))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal))];

    [Fact]
    public void Lines_have_140_columns_at_most_but_for_literals_that_cannot_be_broken() => Assert.Empty(Files.SelectMany(WideLines));

    [Fact]
    public void A_file_has_one_public_type() =>
        Assert.DoesNotContain(Files,
            f => f.StartsWith("src/", StringComparison.Ordinal) && PublicType().Count(File.ReadAllText(Checkout.PathOf(f))) > 1);

    private static IEnumerable<string> WideLines(string file)
    {
        var isRaw = false;
        foreach (var (number, line) in File.ReadLines(Checkout.PathOf(file)).Index())
        {
            var marks = RawMark().Count(line);
            var isLiteral = isRaw || marks > 0 || VerbatimText().IsMatch(line);
            if (marks % 2 == 1) isRaw = !isRaw;
            if (line.Length > Columns && !isLiteral) yield return $"{file}:{number + 1}";
        }
    }

    [GeneratedRegex("^public (static |sealed |abstract |readonly |partial |ref )*(class|record|struct|interface|enum|delegate) ",
        RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex("\"{3,}")]
    private static partial Regex RawMark();

    // A verbatim string, one word of a string so long that the line cannot end before, or a line that is one string from its start.
    [GeneratedRegex("@\"|\"[^\" ]{60,}\"|^\\s*(\\+ |return |reason = )?\\$*\"")]
    private static partial Regex VerbatimText();
}
