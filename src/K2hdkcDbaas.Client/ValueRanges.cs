using K2hdkcDbaas.Client.Managed;
using K2hdkcDbaas.Client.Model;

namespace K2hdkcDbaas.Client;

/// <summary>
/// Parts of values. The wire's own commands for them are not used: a server dies of a read that starts at or behind a value's end, which
/// another writer may move at any time, and what is written in parts never reaches the replicas. So the whole value travels.
/// </summary>
public static class ValueRanges
{
    /// <summary>Reads a part of a value as stored, without looking at expiry or encryption.</summary>
    /// <param name="client">The ring.</param>
    /// <param name="key">The key; a missing one is <see cref="K2hdkcErrors.KeyNotFound"/>.</param>
    /// <param name="offset">Where to start.</param>
    /// <param name="length">How many bytes, at least 1; past the end the shorter rest comes, or none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ReadOnlyMemory<byte>> ReadRangeAsync(
        this IK2hdkcClient client, ReadOnlyMemory<byte> key, long offset, int length, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        Arguments.Key(key);
        Arguments.Range(offset, length);
        var stored = await client.GetAsync(key, new GetOptions { IgnoreAttributes = true }, cancellationToken).ConfigureAwait(false);
        if (stored.State == KeyState.Missing) throw ClientErrors.KeyNotFound(key);
        if (offset >= stored.Value.Length) return default;
        var rest = stored.Value[(int)offset..];
        return rest.Length <= length ? rest : rest[..length];
    }

    /// <summary>
    /// Overwrites a part of a value and extends it where needed; a gap before <paramref name="offset"/> is filled with zeros. The value is
    /// read and written again whole, so of two writers at a time one may be lost. Expiry and subkeys stay.
    /// </summary>
    /// <param name="client">The ring.</param>
    /// <param name="key">The key; made when missing. An encrypted value is <see cref="K2hdkcErrors.PassPhraseRequired"/>.</param>
    /// <param name="offset">Where to write.</param>
    /// <param name="bytes">The bytes, at least one.</param>
    /// <param name="cancellationToken">Ends the wait; the request may still be carried out.</param>
    public static async Task WriteRangeAsync(this IK2hdkcClient client, ReadOnlyMemory<byte> key, long offset, ReadOnlyMemory<byte> bytes,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        Arguments.Key(key);
        Arguments.Range(offset, bytes.Length);
        if (offset + bytes.Length > ClientErrors.MaxStreamed)
            throw ClientErrors.Invalid($"The range ends at {offset + bytes.Length}.",
                $"Values have at most {ClientErrors.MaxStreamed} bytes.");
        var stored = await client.GetAsync(key, null, cancellationToken).ConfigureAwait(false);
        if (stored.State == KeyState.Locked) throw ClientErrors.PassPhraseRequired(key);
        var expires = stored.Exists ? (await client.GetAttributesAsync(key, cancellationToken).ConfigureAwait(false)).Expires : null;
        var value = new byte[Math.Max(stored.Value.Length, offset + bytes.Length)];
        stored.Value.CopyTo(value);
        bytes.CopyTo(value.AsMemory((int)offset));
        var left = expires - DateTimeOffset.UtcNow;
        await client.SetAsync(key, value, left > TimeSpan.Zero ? new SetOptions { ExpiresIn = left } : null,
            cancellationToken).ConfigureAwait(false);
    }
}
