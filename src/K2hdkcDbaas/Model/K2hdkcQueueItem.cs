using K2hdkcDbaas.Binding;

namespace K2hdkcDbaas.Model;

/// <summary>An item taken out of a queue, or put into it.</summary>
public sealed class K2hdkcQueueItem : IValueBearer
{
    /// <summary>The queue's name.</summary>
    public required string Queue { get; init; }

    /// <summary>The key, for items of key queues; else null.</summary>
    public object? Key { get; init; }

    /// <summary>The item's value: text; bytes where it is no text or bytes were asked for; an object where JSON was asked for.</summary>
    public object? Value { get; init; }

    /// <summary>Whether the key is text stored without the usual trailing NUL.</summary>
    public bool IsBare { get; init; }

    /// <summary>Whether the value is text stored without the usual trailing NUL.</summary>
    public bool IsBareValue { get; init; }

    KeyReference? IKeyBearer.Reference => Key is null ? null : KeyReference.Of(Key, IsBare, this);

    bool IValueBearer.HasValue => true;

    /// <inheritdoc/>
    public override string ToString() => Value?.ToString() ?? "";
}
