namespace K2hdkcDbaas.Core.Registry;

/// <summary>One difference between what a file wants and what K2HR3 holds.</summary>
/// <param name="Kind"><c>resource</c>, <c>policy</c> or <c>role</c>.</param>
/// <param name="Name">The object's bare name.</param>
/// <param name="IsNew">Whether the whole object is missing in K2HR3.</param>
/// <param name="Member">The member that differs, such as <c>text</c> or <c>keys.chmpx-server-port</c>.</param>
/// <param name="Before">What K2HR3 holds, as JSON or text; null for nothing.</param>
/// <param name="After">What the file wants; null for nothing.</param>
public sealed record ContentsChange(string Kind, string Name, bool IsNew, string Member, string? Before, string? After)
{
    private const int Most = 60;

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Name}: {Member}: {Short(Before)} -> {Short(After)}";

    private static string Short(string? text) =>
        text is null ? "nothing" : text.Length <= Most ? text.ReplaceLineEndings("\\n") : text[..Most].ReplaceLineEndings("\\n") + "...";
}
