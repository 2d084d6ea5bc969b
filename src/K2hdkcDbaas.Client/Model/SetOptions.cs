namespace K2hdkcDbaas.Client.Model;

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
