using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Reads what the servers keep about keys beside their values: times of writing and expiry, encryption, history.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcKeyAttribute", DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(K2hdkcKeyAttribute))]
public sealed class GetK2hdkcKeyAttributeCommand : WindowedDataCmdlet
{
    /// <summary>The keys, as text or bytes. Text is looked for as k2hdkclinetool stores it, with a trailing NUL, then without.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [KeyArgument]
    [ValidateNotNullOrEmpty]
    public KeyReference[] Key { get; set; } = [];

    /// <summary>Looks for text without a trailing NUL only.</summary>
    [Parameter]
    public SwitchParameter Bare { get; set; }

    private protected override string Activity => "Reading attributes";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var bare = Bare.IsPresent;
        foreach (var key in Key) Begin(key.Stored(bare), key.Value, (client, token) => ReadAsync(client, key, bare, token));
    }

    private static async Task<object?> ReadAsync(IK2hdkcClient client, KeyReference key, bool bare, CancellationToken cancellationToken)
    {
        foreach (var stored in key.Forms(bare))
        {
            var attributes = await client.GetAttributesAsync(stored, cancellationToken).ConfigureAwait(false);
            if (attributes.All.Count > 0 || await KeyErrors.IsStoredAsync(client, stored, cancellationToken).ConfigureAwait(false))
                return new K2hdkcKeyAttribute(KeyReference.Of(stored), attributes);
        }

        throw KeyErrors.NotFound(key);
    }
}
