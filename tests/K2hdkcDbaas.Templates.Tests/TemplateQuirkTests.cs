using System.Diagnostics;

namespace K2hdkcDbaas.Templates.Tests;

/// <summary>What the golden cases leave open; each answer was asked of both real servers.</summary>
public sealed class TemplateQuirkTests
{
    [Theory]
    [InlineData("{{ if true }}{{ else }}B{{ endif }}", "B")]
    [InlineData("{{ if true }}{{ elif true }}B{{ endif }}", "B")]
    [InlineData("{{ if true }}{{# c }}{{ else }}B{{ endif }}", "")]
    [InlineData("{{ if true }}{{ foreach %k% in %a% }}{{ done }}{{ done }}z{{ endif }}", "z")]
    [InlineData("{{= 'a' + 'b' }}-{{= 'c' }}", "abc")]
    [InlineData("{{= %a% }}-{{= %a% }}", "p-p")]
    [InlineData("{{ if 1 == 1 }}-{{ endif }}x", "-x")]
    [InlineData("{{ if 1 == 1 + 0 }}-{{ endif }}x", "x")]
    [InlineData("{{ %v% = 1 }}/{{= %v% }}", "1")]
    public void AnswersAsBothServersDo(string text, string wanted)
    {
        foreach (var version in Enum.GetValues<K2hr3Version>())
        {
            Assert.Equal(wanted, Expand(text, version));
        }
    }

    [Theory]
    [InlineData("{{ foreach %k% in %a% }}{{ else }}{{ done }}", TemplateErrorKind.Crash)]
    [InlineData("{{ if true }}x{{ done }}y{{ endif }}", TemplateErrorKind.Crash)]
    [InlineData("{{ foreach %k% in %a% }}{{ foreach %j% in %a% }}{{ done }}x{{ done }}", TemplateErrorKind.Load)]
    [InlineData("{{ if true }}{{ foreach %k% in %a% }}{{ endif }}{{ done }}", TemplateErrorKind.Load)]
    public void FailsAsBothServersDo(string text, TemplateErrorKind kind)
    {
        foreach (var version in Enum.GetValues<K2hr3Version>())
        {
            Assert.Equal(kind, Assert.Throws<TemplateException>(() => Expand(text, version)).Kind);
        }
    }

    public static TheoryData<string> Hostile =>
    [
        "{{ while true }}x{{ done }}",
        "{{ for %i% = 0; true; %i%++ }}{{ done }}",
        "{{ do }}{{ while true }}",
        "{{ %s% = 'xxxxxxxxxxxxxxxx' }}{{ while true }}{{ %s% = %s% + %s% }}{{ done }}",
        "{{ %l% = %a% }}{{ %l%[99999999] = 1 }}",
        string.Concat(Enumerable.Repeat("{{ if true }}{{ foreach %k% in %a% }}", 5000)),
        "{{= 1" + string.Concat(Enumerable.Repeat(" + 1", 50_000)) + " }}",
        "{{= " + string.Concat(Enumerable.Repeat("%a%[", 20_000)) + "0" + string.Concat(Enumerable.Repeat("]", 20_000)) + " }}",
        "{{= " + new string('!', 50_000) + "true }}",
        string.Concat(Enumerable.Repeat("}}}", 200_000)),
        "{{#!" + new string(' ', 900_000),
        new string('x', 2_000_000),
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void HostileTemplatesEnd(string text)
    {
        var clock = Stopwatch.StartNew();

        foreach (var version in Enum.GetValues<K2hr3Version>())
        {
            try
            {
                Expand(text, version);
            }
            catch (TemplateException)
            {
                // Refusing is as good as answering.
            }
        }

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"It took {clock.Elapsed}.");
    }

    private static string Expand(string text, K2hr3Version version)
        => K2hr3Template.Load(text, version).Execute(new TemplateMap { ["a"] = new List<object?> { "p" } });
}
