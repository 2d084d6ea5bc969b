namespace K2hdkcDbaas.Core.Model;

/// <summary>A Nova key pair for logging in to nodes.</summary>
/// <param name="Name">Its name; Nova has no other key for it.</param>
public sealed record KeyPair(string Name)
{
    /// <summary>The public key's fingerprint.</summary>
    public string? Fingerprint { get; init; }

    /// <summary><c>ssh</c> or <c>x509</c>; null when Nova does not say.</summary>
    public string? Type { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
