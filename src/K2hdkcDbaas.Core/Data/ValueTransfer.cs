using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Faults;

namespace K2hdkcDbaas.Core;

/// <summary>Moves values too large for memory between streams and keys, part by part.</summary>
public static class ValueTransfer
{
    /// <summary>
    /// Bytes of a part written. A server of a replicated ring sends its replica the whole value after each part, so many small parts cost the square.
    /// </summary>
    public const int WriteLength = 16 << 20;

    /// <summary>Bytes of a part read. Larger ones win little and keep a server from its other clients for longer.</summary>
    public const int ReadLength = 4 << 20;

    /// <summary>
    /// Writes a stream to a key. Readers see a growing value until it is done. An encrypted value must be sent whole, since a server encrypts it as one.
    /// </summary>
    /// <param name="client">The ring.</param>
    /// <param name="key">The key; its former value is replaced.</param>
    /// <param name="stream">The bytes.</param>
    /// <param name="options">Expiry, pass phrase, what becomes of the subkeys; null for none.</param>
    /// <param name="onProgress">Told how many bytes are done; null for nobody.</param>
    /// <param name="cancellationToken">Ends the transfer; the key then holds the first part.</param>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="DbaasException"><see cref="ErrorIds.ValueIncomplete"/> when it failed after the first part, and what the client raises.</exception>
    public static async Task<long> WriteAsync(
        IK2hdkcClient client, ReadOnlyMemory<byte> key, Stream stream, SetOptions? options, Action<long>? onProgress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(stream);
        if (options is { PassPhrase: not null } or { ExpiresIn: not null })
        {
            using var whole = new MemoryStream();
            await stream.CopyToAsync(whole, cancellationToken).ConfigureAwait(false);
            await client.SetAsync(key, whole.GetBuffer().AsMemory(0, (int)whole.Length), options, cancellationToken).ConfigureAwait(false);
            return whole.Length;
        }

        var part = new byte[PartLengthFor(stream)];
        long done = 0;
        while (true)
        {
            var read = await stream.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            // The first part replaces the former value, which may be the longer one.
            if (done == 0) await client.SetAsync(key, part.AsMemory(0, read), options, cancellationToken).ConfigureAwait(false);
            else if (read > 0) await WriteOnAsync(client, key, done, part.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            done += read;
            onProgress?.Invoke(done);
            if (read < part.Length) return done;
        }
    }

    /// <summary>Reads a key into a stream.</summary>
    /// <param name="client">The ring.</param>
    /// <param name="key">The key.</param>
    /// <param name="stream">Takes the bytes as stored, decrypted where a pass phrase is given.</param>
    /// <param name="options">The pass phrase; null for none.</param>
    /// <param name="onProgress">Told how many bytes are done; null for nobody.</param>
    /// <param name="cancellationToken">Ends the transfer.</param>
    /// <returns>What was found, without the value, and how many bytes were read.</returns>
    /// <exception cref="DbaasException"><see cref="ErrorIds.ValueChanged"/> when it was written meanwhile, and what the client raises.</exception>
    public static async Task<(KeyState State, long Length)> ReadAsync(
        IK2hdkcClient client, ReadOnlyMemory<byte> key, Stream stream, GetOptions? options, Action<long>? onProgress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(stream);
        var before = await client.GetAttributesAsync(key, cancellationToken).ConfigureAwait(false);
        // Parts are read without regard to expiry and encryption: where there is one of these, the whole is asked for.
        if (before.IsEncrypted || before.Expires is not null || before.All.Count == 0)
        {
            var reading = await client.GetAsync(key, options, cancellationToken).ConfigureAwait(false);
            await stream.WriteAsync(reading.Value, cancellationToken).ConfigureAwait(false);
            return (reading.State, reading.Value.Length);
        }

        long done = 0;
        while (true)
        {
            var part = await ReadPartAsync(client, key, done, cancellationToken).ConfigureAwait(false);
            await stream.WriteAsync(part, cancellationToken).ConfigureAwait(false);
            done += part.Length;
            onProgress?.Invoke(done);
            if (part.Length < ReadLength) break;
        }

        var after = done > ReadLength ? await client.GetAttributesAsync(key, cancellationToken).ConfigureAwait(false) : before;
        if (after.Modified == before.Modified) return (done > 0 ? KeyState.Found : KeyState.Empty, done);
        throw new DbaasException(
            FaultKind.Conflict, ErrorIds.ValueChanged, "The value was written while it was read, so what was read is a mixture.", "Read it again.");
    }

    // No larger than the stream, and one byte more to see its end.
    private static int PartLengthFor(Stream stream) => stream.CanSeek ? (int)Math.Clamp(stream.Length - stream.Position + 1, 1, WriteLength) : WriteLength;

    private static async Task<ReadOnlyMemory<byte>> ReadPartAsync(IK2hdkcClient client, ReadOnlyMemory<byte> key, long offset, CancellationToken cancellationToken)
    {
        try
        {
            return await client.ReadRangeAsync(key, offset, ReadLength, cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException fault) when (fault.ErrorId == K2hdkcErrors.KeyNotFound)
        {
            // It has attributes, so it is there: its value is empty, or ends exactly here.
            return ReadOnlyMemory<byte>.Empty;
        }
    }

    private static async Task WriteOnAsync(IK2hdkcClient client, ReadOnlyMemory<byte> key, long offset, ReadOnlyMemory<byte> part, CancellationToken cancellationToken)
    {
        try
        {
            await client.WriteRangeAsync(key, offset, part, cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException fault)
        {
            throw new DbaasException(
                fault.Kind, ErrorIds.ValueIncomplete, $"Only the first {offset} bytes were written: {fault.Message}", "The key holds the beginning of the value. Write it again, or remove the key.", fault);
        }
    }
}
