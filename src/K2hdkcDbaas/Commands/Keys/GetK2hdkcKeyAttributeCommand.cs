using System.Management.Automation;
using K2hdkcDbaas.Client;

namespace K2hdkcDbaas.Commands;

/// <summary>Reads what the servers keep about keys beside their values: times of writing and expiry, encryption, history.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcKeyAttribute")]
[OutputType(typeof(K2hdkcKeyAttribute))]
public sealed class GetK2hdkcKeyAttributeCommand : WindowedDataCommand
{
    /// <summary>The keys, as text or bytes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [KeyArgument]
    [ValidateNotNullOrEmpty]
    public KeyReference[] Key { get; set; } = [];

    /// <summary>Means text without a trailing NUL.</summary>
    [Parameter]
    public SwitchParameter Bare { get; set; }

    private protected override string Activity => "Reading attributes";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var key in Key)
        {
            var stored = key.Stored(Bare);
            Begin(stored, key.Value, (client, token) => ReadAsync(client, key, stored, token));
        }
    }

    private static async Task<object?> ReadAsync(IK2hdkcClient client, KeyReference key, ReadOnlyMemory<byte> stored, CancellationToken cancellationToken)
    {
        var attributes = await client.GetAttributesAsync(stored, cancellationToken).ConfigureAwait(false);
        if (attributes.All.Count == 0 && !await KeyFaults.IsStoredAsync(client, stored, cancellationToken).ConfigureAwait(false)) throw KeyFaults.NotFound(key);
        return new K2hdkcKeyAttribute(KeyReference.Of(stored), attributes);
    }
}
