using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Removes keys.</summary>
[Cmdlet(VerbsCommon.Remove, "K2hdkcKey", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(K2hdkcKey))]
public sealed class RemoveK2hdkcKeyCommand : WindowedDataCmdlet
{
    /// <summary>The keys, as text or bytes. Text is looked for as k2hdkclinetool stores it, with a trailing NUL, then without.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [KeyArgument]
    [ValidateNotNullOrEmpty]
    public KeyReference[] Key { get; set; } = [];

    /// <summary>
    /// Removes the subkeys too, and theirs. Without it a key that has subkeys is left alone, since nothing would lead to them any more.
    /// </summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>
    /// Removes without checking: a missing key counts as removed, subkeys stay behind as keys that no list names, and text means its bytes
    /// with a trailing NUL.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Means text without a trailing NUL.</summary>
    [Parameter]
    public SwitchParameter Bare { get; set; }

    /// <summary>Returns each key that was removed.</summary>
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

    private async Task<object?> RemoveAsync(IK2hdkcClient client, KeyReference key, ReadOnlyMemory<byte> stored,
        CancellationToken cancellationToken)
    {
        if (!Force)
        {
            stored = await KeyErrors.FindAsync(client, key, Bare, cancellationToken).ConfigureAwait(false);
            if (!Recurse && await client.GetSubkeysAsync(stored, cancellationToken).ConfigureAwait(false) is { Count: > 0 } subkeys)
                throw HasSubkeys(key, subkeys.Count);
        }

        await client.RemoveAsync(stored, Recurse, cancellationToken).ConfigureAwait(false);
        return PassThru ? new K2hdkcKey(KeyReference.Of(stored)) : null;
    }

    // Without its list nothing would lead to them any more.
    private static DbaasException HasSubkeys(KeyReference key, int count) => new(
        ErrorKind.Conflict, "KeyHasSubkeys",
        $"The key '{key}' has subkeys ({count}), which nothing would lead to any more; nothing was removed.",
        "Remove them too with -Recurse, or the key alone with -Force; Get-K2hdkcSubkey lists them.")
    { Target = key.Value };
}
