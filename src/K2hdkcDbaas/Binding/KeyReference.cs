using System.Management.Automation;
using K2hdkcDbaas.Client;

namespace K2hdkcDbaas.Binding;

/// <summary>
/// A key as text or as bytes. Text is stored with a trailing NUL, as k2hdkclinetool does, unless bare bytes are asked for.
/// </summary>
public sealed class KeyReference
{
    private readonly string? _text;
    private readonly byte[]? _bytes;
    // What stored bytes were read from is known to the byte; null where the user wrote text, which may be meant either way.
    private readonly bool? _isBare;

    /// <summary>Refers by text.</summary>
    /// <param name="text">The text.</param>
    public KeyReference(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        _text = text;
    }

    /// <summary>Refers by bytes, which are taken as they are.</summary>
    /// <param name="bytes">The bytes.</param>
    public KeyReference(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        if (bytes.Length == 0) throw new ArgumentException("A key has at least one byte.", nameof(bytes));
        _bytes = bytes;
    }

    private KeyReference(string text, bool isBare) => (_text, _isBare) = (text, isBare);

    /// <summary>The text, or the bytes where they were given.</summary>
    public object Value => (object?)_text ?? _bytes!;

    /// <summary>Whether it is text.</summary>
    internal bool IsText => _text is not null;

    /// <summary>Whether it is text that is stored without the trailing NUL for certain.</summary>
    internal bool IsBare => _isBare == true;

    /// <summary>The object that bore the key, for a command that writes the object's value; null where there was none.</summary>
    internal IValueBearer? Source { get; init; }

    /// <summary>The key that these bytes are: text where they are text, else bytes, and in either case these bytes alone.</summary>
    internal static KeyReference Of(ReadOnlyMemory<byte> stored) =>
        StoredText.TryDecode(stored.Span, out var text) && text.Length > 0
            ? new KeyReference(text, stored.Span is not [.., 0])
            : new KeyReference(stored.ToArray());

    /// <summary>The key of an object that was read.</summary>
    /// <param name="shown">Its text or bytes.</param>
    /// <param name="isBare">Whether text is stored without the trailing NUL.</param>
    /// <param name="source">The object, if it bears a value.</param>
    internal static KeyReference Of(object shown, bool isBare, IValueBearer? source = null) => shown is byte[] bytes
        ? new KeyReference(bytes) { Source = source }
        : new KeyReference(LanguagePrimitives.ConvertTo<string>(shown), isBare) { Source = source };

    /// <summary>What a user reads for stored bytes: the text where they are text, else the bytes.</summary>
    internal static object Shown(ReadOnlyMemory<byte> stored) => Of(stored).Value;

    /// <summary>The bytes as stored.</summary>
    /// <param name="bare">Text without its trailing NUL.</param>
    internal ReadOnlyMemory<byte> Stored(bool bare) => _text is null ? _bytes : StoredText.Encode(_text, bare || IsBare);

    /// <summary>The key that <see cref="Stored"/> gives the bytes of.</summary>
    internal KeyReference Exactly(bool bare) => _text is null ? this : new KeyReference(_text, bare || IsBare);

    /// <summary>
    /// The ways in which it may be stored, the likeliest first: a user's text with its trailing NUL or, as some programs write it, without.
    /// </summary>
    internal ReadOnlyMemory<byte>[] Forms(bool bare) =>
        bare || _text is null || _isBare is not null ? [Stored(bare)] : [Stored(false), Stored(true)];

    /// <inheritdoc/>
    public override string ToString() => _text ?? "0x" + Convert.ToHexString(_bytes!);
}

/// <summary>What pipes into commands that take a key, and knows it to the byte.</summary>
internal interface IKeyBearer
{
    /// <summary>The key; null when it bears none after all.</summary>
    KeyReference? Reference { get; }
}

/// <summary>What pipes into commands that write a value.</summary>
internal interface IValueBearer : IKeyBearer
{
    /// <summary>The value, as the user reads it.</summary>
    object? Value { get; }

    /// <summary>Whether the value was read or written at all, so that null means an empty one.</summary>
    bool HasValue { get; }

    /// <summary>Whether the value is text that is stored without the trailing NUL.</summary>
    bool IsBareValue { get; }
}
