using System.Management.Automation.Provider;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Commands;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Provider;

/// <content>Values as content.</content>
public sealed partial class K2hdkcProvider
{
    /// <inheritdoc/>
    public IContentReader GetContentReader(string path)
    {
        if (KeyOf(path) is not { } key) throw NoValue();
        var asBytes = DynamicParameters is K2hdkcContentReaderParameters { AsByteStream.IsPresent: true };
        return Try(path, (ring, token) => new KeyReader { Bare = true, AsBytes = asBytes }.ReadAsync(ring, new KeyReference(key), token),
            out var item)
            ? new KeyContentReader(item!.Value) : new KeyContentReader(null);
    }

    /// <inheritdoc/>
    public object GetContentReaderDynamicParameters(string path) => new K2hdkcContentReaderParameters();

    /// <inheritdoc/>
    public IContentWriter GetContentWriter(string path)
    {
        if (KeyOf(path) is not { } key) throw NoValue();
        var parent = ParentKeyOf(path);
        return new KeyContentWriter(
            DynamicParameters is K2hdkcContentWriterParameters { AsByteStream.IsPresent: true },
            () => Try(path, (ring, token) => FormerAsync(ring, key, token), out var former) ? former : null,
            (value, options) => Try(path, async (ring, token) =>
            {
                await StoreAsync(ring, parent, key, value, options, token).ConfigureAwait(false);
                return true;
            }, out _));
    }

    /// <inheritdoc/>
    public object GetContentWriterDynamicParameters(string path) => new K2hdkcContentWriterParameters();

    /// <inheritdoc/>
    public void ClearContent(string path)
    {
        // Set-Content clears first, with its own parameters; nobody is to read an empty value before it has written the new one.
        if (DynamicParameters is K2hdkcContentWriterParameters || KeyOf(path) is not { } key
            || !ShouldProcess(KeyPath.Shown(path), "Clear content")) return;
        Try(path, async (ring, token) =>
        {
            if (await KeyErrors.IsStoredAsync(ring, key, token).ConfigureAwait(false))
                await ring.SetAsync(key, ReadOnlyMemory<byte>.Empty, null, token).ConfigureAwait(false);
            return true;
        }, out _);
    }

    /// <inheritdoc/>
    public object? ClearContentDynamicParameters(string path) => null;

    private static async Task<FormerContent?> FormerAsync(IK2hdkcClient ring, byte[] key, CancellationToken cancellationToken)
    {
        var reading = await ring.GetAsync(key, null, cancellationToken).ConfigureAwait(false);
        if (reading.State == KeyState.Locked) throw KeyErrors.Of(KeyReference.Of(key), reading.State)!;
        return new FormerContent(reading.Value,
            reading.Exists ? await LastingAsync(ring, key, cancellationToken).ConfigureAwait(false) : null);
    }

    private static DbaasException NoValue() =>
        new(ErrorKind.InvalidInput, "InvalidKeyPath", "The root of the drive is not a key and has no value.", "Name a key below it.");
}
