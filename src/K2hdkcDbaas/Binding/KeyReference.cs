using System.Collections;
using System.Globalization;
using System.Management.Automation;
using K2hdkcDbaas.Client;

namespace K2hdkcDbaas.Commands;

/// <summary>A key as text or as bytes. Text is stored with a trailing NUL, as k2hdkclinetool does, unless bare bytes are asked for.</summary>
public sealed class KeyReference
{
    private readonly string? _text;
    private readonly byte[]? _bytes;

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

    /// <summary>The text, or the bytes where they were given.</summary>
    public object Value => (object?)_text ?? _bytes!;

    /// <summary>Whether it was given as text, so that it can be meant with or without a trailing NUL.</summary>
    internal bool IsText => _text is not null;

    /// <summary>What a user reads for stored bytes: the text where they are text, else the bytes.</summary>
    internal static object Shown(ReadOnlyMemory<byte> stored) => StoredText.TryDecode(stored.Span, out var text) && text.Length > 0 ? text : stored.ToArray();

    /// <summary>The bytes as stored.</summary>
    /// <param name="bare">Text without its trailing NUL.</param>
    internal ReadOnlyMemory<byte> Stored(bool bare) => _text is null ? _bytes : StoredText.Encode(_text, bare);

    /// <inheritdoc/>
    public override string ToString() => _text ?? "0x" + Convert.ToHexString(_bytes!);
}

/// <summary>
/// Lets a parameter of keys take text, bytes, and what bears a key. An array of bytes is one key, and numbers are their text, where PowerShell's
/// own conversion would do otherwise.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KeyArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        // A property of the pipeline's object may be empty; whether that will do is the parameter's to say.
        if (inputData is null) return null!;
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is not IEnumerable list || value is string or byte[]) return Single(inputData);
        return list.Cast<object>().Select(Single).ToArray();
    }

    private static object Single(object item)
    {
        var value = item is PSObject wrapped ? wrapped.BaseObject : item;
        return value switch
        {
            KeyReference => value,
            byte[] bytes => new KeyReference(bytes),
            string text => new KeyReference(text),
            IConvertible other => new KeyReference(Convert.ToString(other, CultureInfo.InvariantCulture) ?? ""),
            _ when item is PSObject { Properties: var properties } && properties["Key"]?.Value is { } key => Single(key),
            _ when value.GetType().GetProperty("Key")?.GetValue(value) is { } key => Single(key),
            _ => item,
        };
    }
}
