using System.Management.Automation.Language;

namespace K2hdkcDbaas.Completers;

/// <summary>
/// What the user has typed at the cursor, and how to write a value in its place: in the user's quotes, or quoted only when needed.
/// </summary>
internal readonly record struct CompletionWord(string Text, char? Quotation)
{
    private const string Special = " \t\r\n'\"`$&|;,(){}[]<>@#*?";

    public static CompletionWord Parse(string? word)
    {
        word ??= string.Empty;
        if (word.Length == 0 || word[0] is not ('\'' or '"')) return new CompletionWord(word, null);
        var quotation = word[0];
        var text = word[1..];
        if (text.EndsWith(quotation)) text = text[..^1];
        return new CompletionWord(text.Replace(new string(quotation, 2), quotation.ToString(), StringComparison.Ordinal), quotation);
    }

    public string Quote(string value) => Quotation switch
    {
        '"' => '"' + value.Replace("`", "``", StringComparison.Ordinal).Replace("$", "`$", StringComparison.Ordinal)
            .Replace("\"", "`\"", StringComparison.Ordinal) + '"',
        null when value.Length > 0 && !value.Any(c => Special.Contains(c, StringComparison.Ordinal)) && value[0] != '-' => value,
        _ => '\'' + CodeGeneration.EscapeSingleQuotedStringContent(value) + '\'',
    };
}
