namespace K2hdkcDbaas.Templates;

/// <summary>A word of a statement.</summary>
/// <param name="Text">The word.</param>
/// <param name="At">Where it stands.</param>
internal readonly record struct TemplateWord(string Text, int At);

/// <summary>The words of a statement that are still to be read, from the left.</summary>
/// <param name="words">The words.</param>
/// <param name="end">Where the statement ends.</param>
internal sealed class TemplateWordList(IEnumerable<TemplateWord> words, int end)
{
    private readonly Queue<TemplateWord> _words = new(words);

    /// <summary>How many are left.</summary>
    public int Count => _words.Count;

    /// <summary>Where the next one stands; behind the last one, where the statement ends.</summary>
    public int At => _words.TryPeek(out var word) ? word.At : end;

    /// <summary>The next word, which stays.</summary>
    public string Peek() => _words.Peek().Text;

    /// <summary>Takes the next word.</summary>
    public string Dequeue() => Take().Text;

    /// <summary>Takes the next word with its place.</summary>
    public TemplateWord Take() => _words.Dequeue();

    /// <summary>The next word, which stays; false behind the last one.</summary>
    public bool TryPeek(out string word)
    {
        var found = _words.TryPeek(out var next);
        word = found ? next.Text : "";
        return found;
    }
}
