namespace K2hdkcDbaas.Client.Model;

/// <summary>An item of a key queue: a key and its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value.</param>
public readonly record struct KeyQueueItem(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value);
