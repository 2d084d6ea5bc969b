using System.Text.RegularExpressions;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Http;

/// <summary>Reads the addresses of services that people give.</summary>
public static partial class ServiceAddress
{
    /// <summary>
    /// An http or https address without a user or password: none is ever sent from there, and it would show in every trace.
    /// </summary>
    /// <param name="text">The address as given.</param>
    /// <param name="what">What it is the address of, in words.</param>
    /// <param name="errorId">The stable name of the error.</param>
    /// <param name="example">How such an address looks.</param>
    /// <exception cref="DbaasException">It is none; the message shows it with what may be a password masked.</exception>
    public static Uri Parse(string text, string what, string errorId, string example)
    {
        var shown = Shown(text);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new DbaasException(ErrorKind.InvalidInput, errorId, $"'{shown}' is not a valid {what}.",
                $"Give it like {example}.")
            { Target = shown };
        if (uri.UserInfo.Length > 0)
            throw new DbaasException(ErrorKind.InvalidInput, errorId, $"The {what} '{shown}' carries a user or password.",
                "Leave them out of the address, and give them as a credential.")
            { Target = shown };
        return uri;
    }

    /// <summary>An address, or what someone took for one, with what may be a password masked.</summary>
    /// <param name="text">The address as given.</param>
    public static string Shown(string text) => UserInfo().Replace(text, "$1" + Redactor.Mask + "@");

    // A password may hold slashes and at signs of its own.
    [GeneratedRegex("^([^/@]*//|).*@", RegexOptions.Singleline)]
    private static partial Regex UserInfo();
}
