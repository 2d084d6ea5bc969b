using System.Globalization;

namespace K2hdkcDbaas.Protocol;

/// <summary>A host and a TCP port, as endpoints and peers are written in configurations and records.</summary>
/// <param name="Host">Host name or address; empty for an unused place.</param>
/// <param name="Port">The port, or -1 for none.</param>
public readonly record struct HostPort(string Host, int Port)
{
    /// <summary>An unused place in a list of endpoints.</summary>
    public static readonly HostPort Empty = new("", -1);

    /// <summary>Reads <c>host:port</c>, <c>[v6]:port</c> or <c>host</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="value">What it says.</param>
    /// <returns>Whether the text is of such a form.</returns>
    public static bool TryParse(string? text, out HostPort value)
    {
        value = Empty;
        if (string.IsNullOrWhiteSpace(text)) return false;
        text = text.Trim();
        var colon = text.LastIndexOf(':');
        // Several colons without brackets are an IPv6 address with no port.
        if (colon < 0 || text.EndsWith(']') || (text.IndexOf(':', StringComparison.Ordinal) != colon && !text.StartsWith('[')))
        {
            value = new HostPort(text.Trim('[', ']'), -1);
            return true;
        }

        if (colon == 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return false;
        value = new HostPort(text[..colon].Trim('[', ']'), port);
        return true;
    }

    /// <summary><c>host:port</c>, or the host alone where there is no port.</summary>
    public override string ToString() => Port < 0 ? Host : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
