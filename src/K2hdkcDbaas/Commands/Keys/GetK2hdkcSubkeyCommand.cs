using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Model;
using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Commands;

/// <summary>Lists the names of keys' subkeys.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcSubkey", DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(K2hdkcSubkey))]
public sealed class GetK2hdkcSubkeyCommand : DataCmdlet
{
    /// <summary>
    /// The parent keys, as text or bytes. Text is looked for as k2hdkclinetool stores it, with a trailing NUL, then without.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [KeyArgument]
    [ValidateNotNullOrEmpty]
    public KeyReference[] Key { get; set; } = [];

    /// <summary>Only subkeys with such names; wildcards are allowed, case matters. All when not given.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string Subkey { get; set; } = "*";

    /// <summary>Lists their subkeys, too, and so on.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>Looks for text without a trailing NUL only.</summary>
    [Parameter]
    public SwitchParameter Bare { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var pattern = WildcardPattern.Get(Subkey, WildcardOptions.None);
        foreach (var key in Key)
        {
            var client = Client;
            Run(key.Value, (output, token) => ListAsync(client, key, pattern, output, token));
        }
    }

    private async Task<(ReadOnlyMemory<byte> Stored, IReadOnlyList<ReadOnlyMemory<byte>> Names)> FindAsync(IK2hdkcClient client,
        KeyReference root, CancellationToken cancellationToken)
    {
        foreach (var stored in root.Forms(Bare))
        {
            var names = await client.GetSubkeysAsync(stored, cancellationToken).ConfigureAwait(false);
            if (names.Count > 0 || await KeyErrors.IsStoredAsync(client, stored, cancellationToken).ConfigureAwait(false))
                return (stored, names);
        }

        throw KeyErrors.NotFound(root);
    }

    private async Task ListAsync(IK2hdkcClient client, KeyReference root, WildcardPattern pattern, CommandOutput output,
        CancellationToken cancellationToken)
    {
        var (stored, names) = await FindAsync(client, root, cancellationToken).ConfigureAwait(false);

        // Lists of subkeys may run in circles; each name is listed once per parent, and followed once.
        var followed = new HashSet<ReadOnlyMemory<byte>>(BlobOrder.Instance) { stored };
        var left = new Stack<(ReadOnlyMemory<byte> Name, object Parent, int Depth)>(names.Reverse().Select(n => (n, root.Value, 1)));
        while (left.TryPop(out var next))
        {
            var reference = KeyReference.Of(next.Name);
            if (pattern.IsMatch(StoredText.Decode(next.Name.Span)))
                await output.WriteAsync(
                    new K2hdkcSubkey { Key = reference.Value, IsBare = reference.IsBare, Parent = next.Parent, Depth = next.Depth },
                    cancellationToken).ConfigureAwait(false);
            if (!Recurse || next.Name.IsEmpty || !followed.Add(next.Name)) continue;
            var below = await client.GetSubkeysAsync(next.Name, cancellationToken).ConfigureAwait(false);
            foreach (var name in below.Reverse()) left.Push((name, reference.Value, next.Depth + 1));
        }
    }
}
