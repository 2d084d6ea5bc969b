namespace K2hdkcDbaas.Model;

/// <summary>A name in K2HR3's trees that only groups what is below it, and is no object itself.</summary>
/// <param name="Kind"><c>resource</c>, <c>policy</c>, <c>role</c> or <c>service</c>.</param>
/// <param name="Branch">The name; empty for the top of the kind.</param>
/// <param name="ChildCount">How many names are right below it.</param>
public sealed record K2hr3Branch(string Kind, string Branch, int ChildCount)
{
    /// <inheritdoc/>
    public override string ToString() => Branch.Length == 0 ? Kind : $"{Kind}/{Branch}";
}
