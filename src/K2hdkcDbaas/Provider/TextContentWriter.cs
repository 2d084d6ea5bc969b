using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Provider;

namespace K2hdkcDbaas.Provider;

/// <summary>Gathers what Set-Content and Add-Content write as lines of one text, and stores it at the end.</summary>
/// <param name="former">The text so far, for Add-Content.</param>
/// <param name="store">Stores the text.</param>
internal sealed class TextContentWriter(Func<string?> former, Action<string> store) : IContentWriter
{
    private readonly List<string> _lines = [];
    private bool _closed;

    public IList Write(IList content)
    {
        ArgumentNullException.ThrowIfNull(content);
        foreach (var item in content) _lines.Add(LanguagePrimitives.ConvertTo<string>(item));
        return content;
    }

    public void Seek(long offset, SeekOrigin origin)
    {
        if (origin == SeekOrigin.End && former() is { Length: > 0 } before) _lines.Add(before);
    }

    public void Close()
    {
        if (_closed) return;
        _closed = true;
        store(string.Join('\n', _lines));
    }

    public void Dispose()
    {
    }
}
