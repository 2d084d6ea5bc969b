namespace K2hdkcDbaas.Client.Model;

/// <summary>How a queue is used.</summary>
public sealed record QueueOptions
{
    /// <summary>Which end.</summary>
    public QueueOrder Order { get; init; }

    /// <summary>After what time a pushed item is gone, to the second; null for never.</summary>
    public TimeSpan? ExpiresIn { get; init; }

    /// <summary>Encrypts, or decrypts, items with this pass phrase; null for none.</summary>
    public string? PassPhrase { get; init; }

    /// <summary>
    /// Told of each item that a pop took out without a value to give: its key (empty but in a key queue), and whether it had expired or was
    /// missing. From any thread.
    /// </summary>
    public Action<ReadOnlyMemory<byte>, KeyState>? OnPassedOver { get; init; }
}
