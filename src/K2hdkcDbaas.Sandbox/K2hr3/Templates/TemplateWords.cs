using System.Text;

namespace K2hdkcDbaas.Sandbox.K2hr3.Templates;

/// <summary>Cuts the inside of a statement area into statements and words.</summary>
internal static class TemplateWords
{
    /// <summary>Statements part at each semicolon, even in quotes; words at blanks, quotes and operators.</summary>
    public static List<List<string>> Split(string statements)
    {
        var found = new List<List<string>>();
        var words = new List<string>();
        var word = new StringBuilder();
        var quote = '\0';
        var escaped = false;
        foreach (var c in statements)
        {
            if (c is '\\' && !escaped)
            {
                escaped = true;
                continue;
            }

            // The backslash protects a quote but stays in the value.
            var wasEscaped = escaped;
            if (escaped)
            {
                word.Append('\\');
                escaped = false;
            }

            switch (c)
            {
                case ';':
                    EndWord(words, word);
                    EndStatement(found, ref words);
                    quote = '\0';
                    break;
                case '\'' or '"' when !wasEscaped && quote == c:
                    word.Append(c);
                    EndWord(words, word);
                    quote = '\0';
                    break;
                case '\'' or '"' when !wasEscaped && quote == '\0':
                    EndWord(words, word);
                    word.Append(c);
                    quote = c;
                    break;
                case ' ' or '\t' or '\r' or '\n' when wasEscaped || quote == '\0':
                    EndWord(words, word);
                    break;
                default:
                    word.Append(c);
                    break;
            }
        }

        if (escaped)
        {
            word.Append('\\');
        }

        EndWord(words, word);
        EndStatement(found, ref words);
        return found;
    }

    private static void EndStatement(List<List<string>> statements, ref List<string> words)
    {
        if (words.Count > 0)
        {
            statements.Add(words);
            words = [];
        }
    }

    private static void EndWord(List<string> words, StringBuilder word)
    {
        if (word.Length == 0)
        {
            return;
        }

        var text = word.ToString();
        word.Clear();
        if (text[0] is '\'' or '"')
        {
            words.Add(text);
        }
        else
        {
            SplitAtOperators(words, text);
        }
    }

    private static void SplitAtOperators(List<string> words, string text)
    {
        var from = 0;
        var at = 0;
        while (at < text.Length)
        {
            var length = OperatorLength(text, at);
            if (length == 0)
            {
                at++;
                continue;
            }

            if (at > from)
            {
                words.Add(text[from..at]);
            }

            words.Add(text.Substring(at, length));
            at += length;
            from = at;
        }

        if (at > from)
        {
            words.Add(text[from..at]);
        }
    }

    private static int OperatorLength(string text, int at)
    {
        var next = at + 1 < text.Length ? text[at + 1] : '\0';
        switch (text[at])
        {
            case '%':
                var close = text.IndexOf('%', at + 1);
                return close < 0 ? 1 : close - at + 1;
            case '[' or ']' or '{' or '}' or '*' or '/':
                return 1;
            case '!' or '=':
                return next == '=' ? 2 : 1;
            case '+' or '-' or '&' or '|':
                return next == text[at] ? 2 : 1;
            case '<' or '>':
                return next == '=' || next == text[at] ? 2 : 1;
            default:
                return 0;
        }
    }
}
