using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Model;

/// <summary>What a K2HR3 template expands to.</summary>
/// <param name="Text">The text, as a host would read it.</param>
/// <param name="ApiVersion">The release of k2hr3_api whose rules held.</param>
/// <param name="Keys">All variables after the run: K2HR3 would show them as the resource's keys.</param>
/// <param name="Missing">The variables that the template read though nothing had set them, with their places.</param>
public sealed record K2hr3Expansion(string Text, string ApiVersion, IReadOnlyDictionary<string, object?> Keys,
    IReadOnlyList<TemplateVariable> Missing)
{
    /// <inheritdoc/>
    public override string ToString() => Text;
}
