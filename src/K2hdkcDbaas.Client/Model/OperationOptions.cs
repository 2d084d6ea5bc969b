namespace K2hdkcDbaas.Client.Model;

/// <summary>How a key is read.</summary>
public sealed record GetOptions
{
    /// <summary>The pass phrase that the value was encrypted with; null for none.</summary>
    public string? PassPhrase { get; init; }

    /// <summary>Reads the stored bytes as they are: an expired value too, an encrypted one as ciphertext.</summary>
    public bool IgnoreAttributes { get; init; }

    /// <summary>Whom to ask when the first holder does not have the key; null for what the client was opened with.</summary>
    public ReadPolicy? ReadPolicy { get; init; }
}

/// <summary>How a key is written.</summary>
public sealed record SetOptions
{
    /// <summary>After what time the value is gone, to the second; null for never. Also ends an earlier expiry.</summary>
    public TimeSpan? ExpiresIn { get; init; }

    /// <summary>Encrypts the value on the server with this pass phrase; null for none.</summary>
    public string? PassPhrase { get; init; }

    /// <summary>Empties the key's list of subkeys; else it is kept.</summary>
    public bool ClearSubkeys { get; init; }
}

/// <summary>How a key is renamed.</summary>
public sealed record RenameOptions
{
    /// <summary>A key whose list of subkeys names the old key and is to name the new one; null for none.</summary>
    public ReadOnlyMemory<byte>? ParentKey { get; init; }

    /// <summary>The pass phrase that the value was encrypted with; null for none.</summary>
    public string? PassPhrase { get; init; }
}

/// <summary>Which end of a queue is used.</summary>
public enum QueueOrder
{
    /// <summary>First in, first out: push at the end, pop the oldest.</summary>
    Fifo,

    /// <summary>Last in, first out: push at the front, pop the newest.</summary>
    Lifo,
}

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
    /// Told of each item that a pop took out without a value to give: its key (empty but in a key queue), and whether it had expired or was missing. From any thread.
    /// </summary>
    public Action<ReadOnlyMemory<byte>, KeyState>? OnPassedOver { get; init; }
}

/// <summary>How a counter is used.</summary>
public sealed record CounterOptions
{
    /// <summary>After what time a written counter is gone, to the second; null for never.</summary>
    public TimeSpan? ExpiresIn { get; init; }

    /// <summary>The pass phrase that the counter is encrypted with; null for none.</summary>
    public string? PassPhrase { get; init; }
}
