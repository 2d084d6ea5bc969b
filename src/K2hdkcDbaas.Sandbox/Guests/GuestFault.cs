using System.IO.Enumeration;
using System.Text.Json.Serialization;

namespace K2hdkcDbaas.Sandbox;

/// <summary>What goes wrong in a guest.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GuestFaultKind>))]
public enum GuestFaultKind
{
    /// <summary>The machine is ACTIVE, but its system never comes up.</summary>
    NoBoot,

    /// <summary>The system comes up and has no network: it cannot fetch its user data.</summary>
    NoNetwork,

    /// <summary>The user data is fetched, and its script fails before it registers.</summary>
    NoRegistration,

    /// <summary>There is no guest at all: Nova finds no host for the server, which goes to ERROR.</summary>
    NoHost,
}

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
            : throw new ArgumentException($"'{text}' is not NAME=KIND with a kind of {string.Join(", ", Enum.GetNames<GuestFaultKind>())}.", nameof(text));
    }

    internal bool Matches(string server) => FileSystemName.MatchesSimpleExpression(Name, server);
}
