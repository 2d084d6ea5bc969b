namespace K2hdkcDbaas.Model;

/// <summary>A resource that a K2HR3 service lends to a client.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="ResourceName">The resource's name.</param>
/// <param name="Text">Its text, expanded; objects are lent as empty text.</param>
/// <param name="Keys">Its keys with their values.</param>
/// <param name="Expires">When it ends, in UTC; null for never.</param>
public sealed record K2hr3ServiceResource(string Service, string ResourceName, string? Text, IReadOnlyDictionary<string, object?> Keys,
    DateTimeOffset? Expires)
{
    /// <inheritdoc/>
    public override string ToString() => ResourceName;
}
