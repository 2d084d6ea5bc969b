using System.Security;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Model;
using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Commands;

/// <summary>Reads keys in the way that Get-K2hdkcKey was asked for.</summary>
internal sealed class KeyReader
{
    /// <summary>Text means its bytes without a NUL only.</summary>
    public bool Bare { get; init; }

    /// <summary>Values as bytes.</summary>
    public bool AsBytes { get; init; }

    /// <summary>Values as objects.</summary>
    public bool AsJson { get; init; }

    /// <summary>Lists the subkeys too.</summary>
    public bool WithSubkeys { get; init; }

    /// <summary>Reads the attributes too.</summary>
    public bool WithAttributes { get; init; }

    /// <summary>How values are read.</summary>
    public GetOptions? Options { get; init; }

    /// <summary>The options of a read.</summary>
    public static GetOptions? OptionsOf(SecureString? passPhrase, bool raw, ReadPolicy? policy = null) =>
        passPhrase is null && !raw && policy is null
            ? null
            : new GetOptions { PassPhrase = Secret.Reveal(passPhrase), IgnoreAttributes = raw, ReadPolicy = policy };

    /// <summary>
    /// Finds a key as stored. Text is looked for with its trailing NUL; when there is no such key, without, since some programs write it
    /// so.
    /// </summary>
    public async Task<(ReadOnlyMemory<byte> Stored, KeyReading Reading)> FindAsync(IK2hdkcClient client, KeyReference key,
        CancellationToken cancellationToken)
    {
        foreach (var stored in key.Forms(Bare))
        {
            var reading = await client.GetAsync(stored, Options, cancellationToken).ConfigureAwait(false);
            if (reading.State != KeyState.Missing) return (stored, reading);
        }

        return (key.Stored(Bare), new KeyReading(KeyState.Missing, default));
    }

    /// <summary>Reads a key.</summary>
    public async Task<K2hdkcKey> ReadAsync(IK2hdkcClient client, KeyReference key, CancellationToken cancellationToken)
    {
        var (stored, reading) = await FindAsync(client, key, cancellationToken).ConfigureAwait(false);
        if (KeyErrors.Of(key, reading.State) is { } fault) throw fault;
        return await MakeAsync(client, KeyReference.Of(stored), stored, reading.Value, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a key and all below it: each before its subkeys, and each once, since lists of subkeys may run in circles.</summary>
    public async Task WalkAsync(IK2hdkcClient client, KeyReference root, CommandOutput output, CancellationToken cancellationToken)
    {
        var (stored, reading) = await FindAsync(client, root, cancellationToken).ConfigureAwait(false);
        var seen = new HashSet<ReadOnlyMemory<byte>>(BlobOrder.Instance) { stored };
        var left = new Stack<(ReadOnlyMemory<byte> Key, KeyReading? Reading, object? Parent, int Depth)>([(stored, reading, null, 0)]);
        while (left.TryPop(out var next))
        {
            var reference = KeyReference.Of(next.Key);
            var found = next.Reading ?? await client.GetAsync(next.Key, Options, cancellationToken).ConfigureAwait(false);
            if (KeyErrors.Of(reference, found.State) is { } fault)
                await output.WriteErrorAsync(fault, reference.Value, cancellationToken).ConfigureAwait(false);
            else await output.WriteAsync(
                await MakeAsync(client, reference, next.Key, found.Value, cancellationToken, next.Parent, next.Depth).ConfigureAwait(false),
                cancellationToken).ConfigureAwait(false);
            var subkeys = await client.GetSubkeysAsync(next.Key, cancellationToken).ConfigureAwait(false);
            foreach (var subkey in subkeys.Reverse())
                if (!subkey.IsEmpty && seen.Add(subkey)) left.Push((subkey, null, reference.Value, next.Depth + 1));
        }
    }

    private async Task<K2hdkcKey> MakeAsync(
        IK2hdkcClient client, KeyReference key, ReadOnlyMemory<byte> stored, ReadOnlyMemory<byte> value,
        CancellationToken cancellationToken, object? parent = null, int depth = 0)
    {
        var subkeys = WithSubkeys ? await client.GetSubkeysAsync(stored, cancellationToken).ConfigureAwait(false) : null;
        var attributes = WithAttributes ? await client.GetAttributesAsync(stored, cancellationToken).ConfigureAwait(false) : null;
        var shown = StoredValue.Decode(value, AsBytes, AsJson, key.Value);
        return new K2hdkcKey(key)
        {
            Value = shown,
            IsBareValue = StoredValue.IsBare(value, shown),
            IsRead = true,
            Size = value.Length,
            Parent = parent,
            Depth = depth,
            Subkeys = subkeys is null ? null : [.. subkeys.Select(KeyReference.Shown)],
            Attributes = attributes is null ? null : new K2hdkcKeyAttribute(key, attributes),
        };
    }
}
