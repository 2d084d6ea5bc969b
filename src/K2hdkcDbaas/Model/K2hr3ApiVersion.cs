namespace K2hdkcDbaas.Model;

/// <summary>A version of K2HR3's REST API.</summary>
/// <param name="Version">Its name, such as <c>v1</c>.</param>
/// <param name="K2hr3Uri">The API's address.</param>
/// <param name="Paths">Its paths with their verbs, as K2HR3 itself lists them: that list is not kept up to date.</param>
public sealed record K2hr3ApiVersion(string Version, Uri K2hr3Uri, IReadOnlyDictionary<string, IReadOnlyList<string>> Paths)
{
    /// <inheritdoc/>
    public override string ToString() => Version;
}
