using System.IO.Enumeration;

namespace K2hdkcDbaas.Sandbox;

/// <summary>Lets some guests fail.</summary>
/// <param name="Name">Names of the servers it is for; * and ? stand for any characters and any one.</param>
/// <param name="Kind">What goes wrong.</param>
public sealed record GuestFault(string Name, GuestFaultKind Kind)
{
    /// <summary>Reads NAME=KIND as the command line gives it.</summary>
    /// <param name="text">For example web-*=NoBoot.</param>
    /// <exception cref="ArgumentException">The text has another form.</exception>
    public static GuestFault Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var at = text.LastIndexOf('=');
        return at > 0 && Enum.TryParse<GuestFaultKind>(text[(at + 1)..], ignoreCase: true, out var kind) && Enum.IsDefined(kind)
            ? new GuestFault(text[..at], kind)
            : throw new ArgumentException($"'{text}' is not NAME=KIND with a kind of {string.Join(", ", Enum.GetNames<GuestFaultKind>())}.",
                nameof(text));
    }

    internal bool Matches(string server) => FileSystemName.MatchesSimpleExpression(Name, server);
}
