using System.Management.Automation.Provider;
using K2hdkcDbaas.Faults;

namespace K2hdkcDbaas.Commands;

/// <content>Values as content.</content>
public sealed partial class K2hdkcProvider
{
    /// <inheritdoc/>
    public IContentReader GetContentReader(string path)
    {
        if (KeyOf(path) is not { } key) throw NoValue();
        var asBytes = DynamicParameters is K2hdkcContentParameters { AsByteStream.IsPresent: true };
        return Try(path, (ring, token) => new KeyReader { Bare = true, AsBytes = asBytes }.ReadAsync(ring, new KeyReference(key), token), out var item)
            ? new KeyContentReader(item!.Value) : new KeyContentReader(null);
    }

    /// <inheritdoc/>
    public object GetContentReaderDynamicParameters(string path) => new K2hdkcContentParameters();

    /// <inheritdoc/>
    public IContentWriter GetContentWriter(string path)
    {
        if (KeyOf(path) is not { } key) throw NoValue();
        var parent = ParentKeyOf(path);
        return new KeyContentWriter(
            () => Try(path, async (ring, token) => (await ring.GetAsync(key, null, token).ConfigureAwait(false)).Value, out var former) ? former : default,
            value => Try(path, async (ring, token) =>
            {
                await StoreAsync(ring, parent, key, value, token).ConfigureAwait(false);
                return true;
            }, out _));
    }

    /// <inheritdoc/>
    public object GetContentWriterDynamicParameters(string path) => new K2hdkcContentParameters();

    /// <inheritdoc/>
    public void ClearContent(string path)
    {
        // Set-Content clears first; a key that is not there yet needs none of it.
        if (KeyOf(path) is not { } key || !ShouldProcess(KeyPath.Shown(path), "Clear content")) return;
        Try(path, async (ring, token) =>
        {
            if (await KeyFaults.IsStoredAsync(ring, key, token).ConfigureAwait(false)) await ring.SetAsync(key, ReadOnlyMemory<byte>.Empty, null, token).ConfigureAwait(false);
            return true;
        }, out _);
    }

    /// <inheritdoc/>
    public object? ClearContentDynamicParameters(string path) => null;

    private static DbaasException NoValue() => new(FaultKind.InvalidInput, "InvalidKeyPath", "The root of the drive is no key and has no value.", "Name a key below it.");
}
