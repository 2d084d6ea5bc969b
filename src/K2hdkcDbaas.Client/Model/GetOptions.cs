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
