namespace K2hdkcDbaas.Templates.Tests;

/// <summary>Where errors are. Which texts fail is the real engines' answer; the place is what a person has to look at.</summary>
public sealed class TemplatePlaceTests
{
    [Theory]
    [InlineData("{{= foo }}", 1, 5)]
    [InlineData("{{#!k2hr3template }}\n\nA\n  {{= 'x' + bare }}\n", 4, 13)]
    [InlineData("a {{{ b\n{{= nope }}", 2, 5)]
    [InlineData("{{= %a% }}\r\n{{ %a%[ }}", 2, 7)]
    [InlineData("{{ if true }}\n{{ if true }}x{{ endif }}\n{{ endif }}", 3, 4)]
    [InlineData("x\n{{ foreach %k% in %a% }}\n", 2, 4)]
    [InlineData("x\n\n {{ endif }}", 3, 5)]
    [InlineData("{{ %v% = 1; %w% = }}", 1, 18)]
    [InlineData("{{= 'a' b }}", 1, 9)]
    [InlineData("{{#!other }}\nx", 1, 5)]
    public void A_text_that_cannot_be_read_fails_at_its_place(string text, int line, int column)
    {
        foreach (var version in Enum.GetValues<K2hr3Version>())
        {
            var e = Assert.Throws<TemplateException>(() => K2hr3Template.Load(text, version));
            Assert.Equal((TemplateErrorKind.Load, line, column), (e.Kind, e.Line, e.Column));
            Assert.StartsWith($"Line {line}, column {column}: ", e.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{{= 1 / 0 }}", 1, 7)]
    [InlineData("line\n{{ if true }}\n  {{= 'p' + 5 }}{{= 5 - %s% }}{{ endif }}", 3, 23)]
    [InlineData("{{#!k2hr3template }}\n{{ foreach %k% in %a% }}\n{{= !%s% }}{{ done }}", 3, 5)]
    [InlineData("{{= %a%[%none%] }}", 1, 5)]
    public void A_statement_that_cannot_run_fails_at_its_place(string text, int line, int column)
    {
        foreach (var version in Enum.GetValues<K2hr3Version>())
        {
            var e = Assert.Throws<TemplateException>(() => K2hr3Template.Load(text, version).Execute(Variables()));
            Assert.Equal((TemplateErrorKind.Execute, line, column), (e.Kind, e.Line, e.Column));
        }
    }

    [Fact]
    public void Variables_that_nobody_gave_are_named_once_with_their_place()
    {
        var template = K2hr3Template.Load(
            "{{#!k2hr3template }}\nA {{= %one% }}\n{{ %set% = 1 }}{{= %set% }}{{= %s% }}{{= %one% }}\n{{ if %two% == null }}x{{ endif }}",
            K2hr3Version.V2);

        var expansion = template.Expand(Variables());

        Assert.Equal("A \n1text\nx", expansion.Text);
        Assert.Equal([new TemplateVariable("one", 2, 7), new TemplateVariable("two", 4, 7)], expansion.Missing);
    }

    private static TemplateMap Variables() => new() { ["a"] = new List<object?> { "p" }, ["s"] = "text" };
}
