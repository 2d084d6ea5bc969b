namespace K2hdkcDbaas.Client.Model;

/// <summary>How a key is renamed.</summary>
public sealed record RenameOptions
{
    /// <summary>A key whose list of subkeys names the old key and is to name the new one; null for none.</summary>
    public ReadOnlyMemory<byte>? ParentKey { get; init; }

    /// <summary>The pass phrase that the value was encrypted with; null for none.</summary>
    public string? PassPhrase { get; init; }
}
