using System.Collections;
using System.Management.Automation.Provider;
using K2hdkcDbaas.Client;

namespace K2hdkcDbaas.Commands;

/// <summary>Gives a value as one object: text, or bytes.</summary>
internal sealed class KeyContentReader(object? value) : IContentReader
{
    private object? _left = value;

    public IList Read(long readCount)
    {
        if (_left is not { } value) return Array.Empty<object>();
        _left = null;
        return new[] { value };
    }

    // Get-Content -Tail asks for it; one object has no tail.
    public void Seek(long offset, SeekOrigin origin)
    {
    }

    public void Close()
    {
    }

    public void Dispose()
    {
    }
}

/// <summary>Gathers what Set-Content and Add-Content write, and stores it at the end: bytes as they are, several texts as lines.</summary>
/// <param name="former">The value so far, for Add-Content; read when needed.</param>
/// <param name="store">Stores the value.</param>
internal sealed class KeyContentWriter(Func<ReadOnlyMemory<byte>> former, Action<ReadOnlyMemory<byte>> store) : IContentWriter
{
    private readonly List<object?> _items = [];
    private ReadOnlyMemory<byte> _before;
    private bool _closed;

    public IList Write(IList content)
    {
        ArgumentNullException.ThrowIfNull(content);
        foreach (var item in content) _items.Add(item);
        return content;
    }

    public void Seek(long offset, SeekOrigin origin)
    {
        if (origin == SeekOrigin.End) _before = former();
    }

    public void Close()
    {
        if (_closed || _items.Count == 0) return;
        _closed = true;
        store(Value());
    }

    public void Dispose()
    {
    }

    private ReadOnlyMemory<byte> Value()
    {
        var isBytes = _items.TrueForAll(i => i is byte or byte[] or System.Management.Automation.PSObject { BaseObject: byte or byte[] });
        if (isBytes)
        {
            byte[] added = [.. _items.SelectMany(i => (i is System.Management.Automation.PSObject wrapped ? wrapped.BaseObject : i) is byte[] many ? many : [(byte)((i as System.Management.Automation.PSObject)?.BaseObject ?? i!)])];
            return (byte[])[.. _before.Span, .. added];
        }

        if (_items.Count == 1 && _before.IsEmpty) return StoredValue.Encode(_items[0], asJson: false, bare: false);
        var lines = _items.Select(i => StoredText.Decode(StoredValue.Encode(i, asJson: false, bare: true).Span));
        var text = string.Join('\n', _before.IsEmpty ? lines : lines.Prepend(StoredText.Decode(_before.Span)));
        return StoredText.Encode(text);
    }
}
