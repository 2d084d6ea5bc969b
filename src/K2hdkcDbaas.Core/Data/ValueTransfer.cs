using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Data;

/// <summary>
/// Moves values too large for memory between streams and keys. A value crosses in one request or reply: servers do not replicate what is
/// written in parts, and die of a read that starts behind a value's end.
/// </summary>
public static class ValueTransfer
{
    /// <summary>Writes a stream to a key. Readers see the former value or all of the new one.</summary>
    /// <param name="client">The ring.</param>
    /// <param name="key">The key; its former value is replaced.</param>
    /// <param name="stream">The bytes, from where it stands to its end. One that cannot seek is read into memory first: its length must be
    /// known.</param>
    /// <param name="options">Expiry, pass phrase, what becomes of the subkeys; null for none.</param>
    /// <param name="onProgress">Told how many bytes are done; null for nobody.</param>
    /// <param name="cancellationToken">Ends the transfer; the key is unchanged unless all was sent.</param>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="DbaasException">What the client raises.</exception>
    public static async Task<long> WriteAsync(
        IK2hdkcClient client, ReadOnlyMemory<byte> key, Stream stream, SetOptions? options, Action<long>? onProgress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanSeek)
        {
            using var whole = new MemoryStream();
            await stream.CopyToAsync(whole, cancellationToken).ConfigureAwait(false);
            whole.Position = 0;
            return await WriteAsync(client, key, whole, options, onProgress, cancellationToken).ConfigureAwait(false);
        }

        var length = stream.Length - stream.Position;
        await client.SetFromAsync(key, stream, length, options, onProgress, cancellationToken).ConfigureAwait(false);
        return length;
    }

    /// <summary>Reads a key into a stream.</summary>
    /// <param name="client">The ring.</param>
    /// <param name="key">The key.</param>
    /// <param name="stream">Takes the bytes as stored, decrypted where a pass phrase is given.</param>
    /// <param name="options">The pass phrase; null for none.</param>
    /// <param name="onProgress">Told how many bytes are done; null for nobody.</param>
    /// <param name="cancellationToken">Ends the transfer.</param>
    /// <returns>What was found, without the value, and how many bytes were read.</returns>
    /// <exception cref="DbaasException">What the client raises.</exception>
    public static Task<(KeyState State, long Length)> ReadAsync(
        IK2hdkcClient client, ReadOnlyMemory<byte> key, Stream stream, GetOptions? options, Action<long>? onProgress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(stream);
        return client.GetIntoAsync(key, stream, options, onProgress, cancellationToken);
    }
}
