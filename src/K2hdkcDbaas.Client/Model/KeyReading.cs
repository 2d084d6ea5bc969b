namespace K2hdkcDbaas.Client.Model;

/// <summary>A key as read.</summary>
/// <param name="State">What was found.</param>
/// <param name="Value">The value; empty unless found.</param>
public readonly record struct KeyReading(KeyState State, ReadOnlyMemory<byte> Value)
{
    /// <summary>Whether the key exists for a reader with this pass phrase.</summary>
    public bool Exists => State is KeyState.Found or KeyState.Empty;
}
