using System.Diagnostics.CodeAnalysis;
using K2hdkcDbaas.Binding;

namespace K2hdkcDbaas.Model;

/// <summary>A key with its value. It pipes into commands that take a key or write a value, and means the same bytes there.</summary>
public sealed class K2hdkcKey : IValueBearer
{
    /// <summary>An empty one, for its properties to be set.</summary>
    public K2hdkcKey()
    {
    }

    [SetsRequiredMembers]
    internal K2hdkcKey(KeyReference key) => (Key, IsBare) = (key.Value, key.IsBare);

    /// <summary>The key: text, or bytes where it is no text.</summary>
    public required object Key { get; init; }

    /// <summary>
    /// The value: text; bytes where it is no text or bytes were asked for; an object where JSON was asked for; null when it is empty or
    /// went to a file.
    /// </summary>
    public object? Value { get; init; }

    /// <summary>The key in base64 where it is bytes, for files that hold only text; null where it is text.</summary>
    public string? KeyBase64 => Key is byte[] bytes ? Convert.ToBase64String(bytes) : null;

    /// <summary>The value in base64 where it is bytes, for files that hold only text; null where it is none.</summary>
    public string? ValueBase64 => Value is byte[] bytes ? Convert.ToBase64String(bytes) : null;

    /// <summary>How many bytes are stored.</summary>
    public long Size { get; init; }

    /// <summary>The key whose list of subkeys has led here; null without -Recurse.</summary>
    public object? Parent { get; init; }

    /// <summary>How many steps below the key that was asked for.</summary>
    public int Depth { get; init; }

    /// <summary>Names of the subkeys; null when not asked for.</summary>
    public object[]? Subkeys { get; init; }

    /// <summary>The attributes; null when not asked for.</summary>
    public K2hdkcKeyAttribute? Attributes { get; init; }

    /// <summary>The file that the value was written to; null when there is none.</summary>
    public string? File { get; init; }

    /// <summary>Whether the key is text stored without the usual trailing NUL.</summary>
    public bool IsBare { get; init; }

    /// <summary>Whether the value is text stored without the usual trailing NUL.</summary>
    public bool IsBareValue { get; init; }

    /// <summary>Whether null means an empty value, and not one that was never read.</summary>
    internal bool IsRead { get; init; }

    KeyReference? IKeyBearer.Reference => KeyReference.Of(Key, IsBare, this);

    bool IValueBearer.HasValue => IsRead || Value is not null;

    /// <inheritdoc/>
    public override string ToString() => Key as string ?? "0x" + Convert.ToHexString((byte[])Key);
}
