using System.Text;

namespace K2hdkcDbaas.Templates;

/// <summary>Cuts the inside of a statement area into statements and words.</summary>
internal static class TemplateWords
{
    /// <summary>Statements part at each semicolon, even in quotes; words at blanks, quotes and operators.</summary>
    public static List<List<TemplateWord>> Split(string statements)
    {
        var found = new List<List<TemplateWord>>();
        var words = new List<TemplateWord>();
        var word = new StringBuilder();
        var quote = '\0';
        var escaped = false;
        for (var at = 0; at < statements.Length; at++)
        {
            var c = statements[at];
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
                    EndWord(words, word, at);
                    EndStatement(found, ref words);
                    quote = '\0';
                    break;
                case '\'' or '"' when !wasEscaped && quote == c:
                    word.Append(c);
                    EndWord(words, word, at + 1);
                    quote = '\0';
                    break;
                case '\'' or '"' when !wasEscaped && quote == '\0':
                    EndWord(words, word, at);
                    word.Append(c);
                    quote = c;
                    break;
                case ' ' or '\t' or '\r' or '\n' when wasEscaped || quote == '\0':
                    EndWord(words, word, at);
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

        EndWord(words, word, statements.Length);
        EndStatement(found, ref words);
        return found;
    }

    private static void EndStatement(List<List<TemplateWord>> statements, ref List<TemplateWord> words)
    {
        if (words.Count > 0)
        {
            statements.Add(words);
            words = [];
        }
    }

    // Words are never changed on their way, so one ends right behind where it began.
    private static void EndWord(List<TemplateWord> words, StringBuilder word, int end)
    {
        if (word.Length == 0)
        {
            return;
        }

        var text = word.ToString();
        word.Clear();
        if (text[0] is '\'' or '"')
        {
            words.Add(new TemplateWord(text, end - text.Length));
        }
        else
        {
            SplitAtOperators(words, text, end - text.Length);
        }
    }

    private static void SplitAtOperators(List<TemplateWord> words, string text, int start)
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
                words.Add(new TemplateWord(text[from..at], start + from));
            }

            words.Add(new TemplateWord(text.Substring(at, length), start + at));
            at += length;
            from = at;
        }

        if (at > from)
        {
            words.Add(new TemplateWord(text[from..at], start + from));
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
