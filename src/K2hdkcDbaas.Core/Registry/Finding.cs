namespace K2hdkcDbaas.Core.Registry;

/// <summary>Something that a check of a configuration found.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Check">The stable name of the check, such as <c>TokenWithoutEnd</c>.</param>
/// <param name="Target">What it is about: a full name, or a section of a configuration.</param>
/// <param name="Message">What is so.</param>
/// <param name="NextStep">What to do about it.</param>
public sealed record Finding(FindingSeverity Severity, string Check, string Target, string Message, string NextStep)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Severity}: {Message}";
}
