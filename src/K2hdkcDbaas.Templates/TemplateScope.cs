namespace K2hdkcDbaas.Templates;

/// <summary>The blocks of the language, by the word that ends them.</summary>
internal enum TemplateBlock
{
    /// <summary>Ends with endif, elif or else.</summary>
    If,

    /// <summary>Ends with done.</summary>
    Loop,

    /// <summary>Ends with while.</summary>
    Do,
}

/// <summary>What a word that ends a block belongs to.</summary>
internal enum TemplateEnd
{
    /// <summary>The block being read.</summary>
    ThisBlock,

    /// <summary>The block just closed: the word has no effect.</summary>
    LastBlock,

    /// <summary>Nothing that it could end.</summary>
    Nothing,
}

/// <summary>
/// An open block and the blocks already closed in it. The real reader looks for the start of a block in the statements before
/// its end, closed ones included, so a block cannot hold another with the same end word.
/// </summary>
internal sealed class TemplateScope(TemplateBlock block, TemplateScope? outer)
{
    private readonly HashSet<TemplateBlock> _closed = [];
    private TemplateBlock? _last;

    /// <summary>How many blocks are open around.</summary>
    public int Depth { get; } = (outer?.Depth ?? 0) + 1;

    /// <summary>Whether this is a "do" with nothing around it.</summary>
    public bool IsBareDo => block == TemplateBlock.Do && outer is null;

    /// <summary>Notes what was just read: a block, or null for anything else.</summary>
    public void Note(TemplateBlock? closed)
    {
        _last = closed;
        if (closed is { } kind)
        {
            _closed.Add(kind);
        }
    }

    /// <summary>What an end word of that kind ends here.</summary>
    public TemplateEnd Find(TemplateBlock wanted)
        => !_closed.Contains(wanted)
            ? (block == wanted ? TemplateEnd.ThisBlock : TemplateEnd.Nothing)
            : (_last == wanted ? TemplateEnd.LastBlock : TemplateEnd.Nothing);

    /// <summary>Whether such a block stands anywhere before, open or closed.</summary>
    public bool Knows(TemplateBlock wanted) => block == wanted || _closed.Contains(wanted) || (outer?.Knows(wanted) ?? false);
}
