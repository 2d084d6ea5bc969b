using System.Net;
using System.Security;

namespace K2hdkcDbaas.Binding;

/// <summary>Opens secure strings at the last moment.</summary>
internal static class Secret
{
    /// <summary>The text; null for none.</summary>
    public static string? Reveal(SecureString? secret) => secret is null ? null : new NetworkCredential(string.Empty, secret).Password;
}
