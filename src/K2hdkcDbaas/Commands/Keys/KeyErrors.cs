using System.Management.Automation;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Commands;

/// <summary>What is wrong when a read finds no value.</summary>
internal static class KeyErrors
{
    /// <summary>The fault of a state that is none to go on with; null when the key is there.</summary>
    /// <param name="key">The key.</param>
    /// <param name="state">What a read found.</param>
    public static DbaasException? Of(KeyReference key, KeyState state) => state switch
    {
        KeyState.Missing => NotFound(key),
        KeyState.Expired => new DbaasException(
            ErrorKind.NotFound, K2hdkcErrors.KeyNotFound, $"The key '{key}' has expired.",
            "Write it again with a later -ExpiresIn; Get-K2hdkcKey -IgnoreAttribute still shows its bytes.")
        { Target = key.Value },
        KeyState.Locked => new DbaasException(
            ErrorKind.Forbidden, K2hdkcErrors.PassPhraseRequired,
            $"The value of key '{key}' is encrypted, and the pass phrase is missing or wrong.",
            "Give the pass phrase that it was written with: -PassPhrase (Read-Host -AsSecureString).")
        { Target = key.Value },
        _ => null,
    };

    /// <summary>The fault of a key that is not there.</summary>
    public static DbaasException NotFound(KeyReference key) => new(
        ErrorKind.NotFound, K2hdkcErrors.KeyNotFound, $"There is no key '{key}'.",
        key.IsText && WildcardPattern.ContainsWildcardCharacters(key.ToString())
            ? "Keys have no wildcards, since a ring does not list its keys: give whole keys. Subkeys do: Get-K2hdkcSubkey KEY PATTERN."
            : key.IsText
            ? "Check its spelling: keys are case-sensitive. One that another program stored in bytes is given as [byte[]]."
            : "Text keys of k2hdkclinetool end with a NUL byte: give them as text.")
    { Target = key.Value };

    /// <summary>Makes a call on a key in each way that it may be stored until one is there.</summary>
    /// <param name="key">The key, as the user wrote it.</param>
    /// <param name="bare">Text means its bytes without a NUL only.</param>
    /// <param name="call">The call; its "not found" leads to the next way.</param>
    /// <exception cref="DbaasException">There is none; the fault names the key as the user wrote it.</exception>
    public static async Task<T> FindingAsync<T>(KeyReference key, bool bare, Func<ReadOnlyMemory<byte>, Task<T>> call)
    {
        foreach (var stored in key.Forms(bare))
        {
            try
            {
                return await call(stored).ConfigureAwait(false);
            }
            catch (DbaasException fault) when (fault.ErrorId == K2hdkcErrors.KeyNotFound)
            {
                // Perhaps the other way.
            }
        }

        throw NotFound(key);
    }

    /// <summary>The key as it is stored, expired or not.</summary>
    /// <exception cref="DbaasException">There is none.</exception>
    public static async Task<ReadOnlyMemory<byte>> FindAsync(IK2hdkcClient client, KeyReference key, bool bare,
        CancellationToken cancellationToken)
    {
        foreach (var stored in key.Forms(bare))
            if (await IsStoredAsync(client, stored, cancellationToken).ConfigureAwait(false)) return stored;
        throw NotFound(key);
    }

    /// <summary>Whether the key is stored, expired or not.</summary>
    public static async Task<bool> IsStoredAsync(IK2hdkcClient client, ReadOnlyMemory<byte> stored, CancellationToken cancellationToken)
    {
        // Servers note at least the time of writing; for a key without attributes a read decides.
        var attributes = await client.GetAttributesAsync(stored, cancellationToken).ConfigureAwait(false);
        return attributes.All.Count > 0
            || (await client.GetAsync(stored, null, cancellationToken).ConfigureAwait(false)).State != KeyState.Missing;
    }

    /// <summary>Whether the key is there for a reader: one that has expired, or was removed while a server was away, is not.</summary>
    public static async Task<bool> ExistsAsync(IK2hdkcClient client, ReadOnlyMemory<byte> stored, CancellationToken cancellationToken)
    {
        // Not by its value, which may be large.
        var attributes = await client.GetAttributesAsync(stored, cancellationToken).ConfigureAwait(false);
        if (attributes.All.Count > 0) return !(attributes.Expires <= DateTimeOffset.UtcNow);
        return (await client.GetAsync(stored, null, cancellationToken).ConfigureAwait(false)).State is not (KeyState.Missing
            or KeyState.Expired);
    }
}
