using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Provider;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Model;

namespace K2hdkcDbaas.Provider;

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

/// <summary>What Add-Content adds to.</summary>
/// <param name="Value">The value as stored; empty for a key that is not there.</param>
/// <param name="Options">What the value must keep: its expiry.</param>
internal sealed record FormerContent(ReadOnlyMemory<byte> Value, SetOptions? Options);

/// <summary>Gathers what Set-Content and Add-Content write, and stores it at the end: bytes as they are, several texts as lines.</summary>
/// <param name="asBytes">Whether numbers are bytes.</param>
/// <param name="former">The value so far, for Add-Content; null when it cannot be read.</param>
/// <param name="store">Stores the value.</param>
internal sealed class KeyContentWriter(bool asBytes, Func<FormerContent?> former, Action<ReadOnlyMemory<byte>, SetOptions?> store)
    : IContentWriter
{
    private readonly List<object?> _items = [];
    private FormerContent? _before;
    private bool _isAppending;
    private bool _closed;

    public IList Write(IList content)
    {
        ArgumentNullException.ThrowIfNull(content);
        foreach (var item in content)
        {
            var plain = item is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : item;
            if (asBytes && plain is not byte[]) _items.Add(Byte(plain));
            else _items.Add(plain);
        }

        return content;
    }

    public void Seek(long offset, SeekOrigin origin)
    {
        if (origin != SeekOrigin.End) return;
        _isAppending = true;
        _before = former();
    }

    public void Close()
    {
        if (_closed) return;
        _closed = true;
        // What cannot be read is not added to: writing would replace it.
        if (_isAppending && (_before is null || _items.Count == 0)) return;
        store(_before is { Value.IsEmpty: false } ? Added(_before.Value) : Whole(), _before?.Options);
    }

    public void Dispose()
    {
    }

    private ReadOnlyMemory<byte> Whole() => _items switch
    {
        [] => default,
        [var single] => StoredValue.Encode(single, asJson: false, bare: false),
        _ => Bytes() ?? StoredText.Encode(Lines()),
    };

    private ReadOnlyMemory<byte> Added(ReadOnlyMemory<byte> before)
    {
        if (Bytes() is { } bytes) return (byte[])[.. before.Span, .. bytes];
        // Text ends as it ended before, with a NUL or without; to bytes that are no text nothing but the new text's is added.
        if (!StoredText.TryDecode(before.Span, out var text)) return (byte[])[.. before.Span, .. StoredText.Encode(Lines(), bare: true)];
        return StoredText.Encode($"{text}\n{Lines()}", bare: before.Span is not [.., 0]);
    }

    private byte Byte(object? value)
    {
        try
        {
            return LanguagePrimitives.ConvertTo<byte>(value);
        }
        catch (PSInvalidCastException)
        {
            // Half of it is worse than none: closing stores nothing now.
            _closed = true;
            throw;
        }
    }

    private byte[]? Bytes() => _items.TrueForAll(i => i is byte or byte[]) ? [.. _items.SelectMany(i => i as byte[] ?? [(byte)i!])] : null;

    private string Lines() =>
        string.Join('\n', _items.Select(i => StoredText.Decode(StoredValue.Encode(i, asJson: false, bare: true).Span)));
}
