using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Removes keys.</summary>
[Cmdlet(VerbsCommon.Remove, "K2hdkcKey", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(K2hdkcKey))]
public sealed class RemoveK2hdkcKeyCommand : WindowedDataCmdlet
{
    /// <summary>The keys, as text or bytes. Text is looked for as k2hdkclinetool stores it, with a trailing NUL, then without.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [KeyArgument]
    [ValidateNotNullOrEmpty]
    public KeyReference[] Key { get; set; } = [];

    /// <summary>Removes the subkeys too, and theirs. Otherwise they stay, reachable by their own names.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>Takes a missing key for removed, and saves the look whether it is there and how it is stored: text means its bytes with a trailing NUL then.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Means text without a trailing NUL.</summary>
    [Parameter]
    public SwitchParameter Bare { get; set; }

    /// <summary>Puts out each key that was removed.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override string Activity => "Removing keys";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var key in Key)
        {
            if (!ShouldProcess(key.ToString(), Recurse ? "Remove key with all its subkeys" : "Remove key")) continue;
            var stored = key.Stored(Bare);
            Begin(stored, key.Value, (client, token) => RemoveAsync(client, key, stored, token));
        }
    }

    private async Task<object?> RemoveAsync(IK2hdkcClient client, KeyReference key, ReadOnlyMemory<byte> stored, CancellationToken cancellationToken)
    {
        if (!Force) stored = await KeyErrors.FindAsync(client, key, Bare, cancellationToken).ConfigureAwait(false);
        await client.RemoveAsync(stored, Recurse, cancellationToken).ConfigureAwait(false);
        return PassThru ? new K2hdkcKey(KeyReference.Of(stored)) : null;
    }
}
