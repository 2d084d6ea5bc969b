using System.Management.Automation;
using System.Security;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Gives a key another name; value, subkeys and attributes go along.</summary>
[Cmdlet(VerbsCommon.Rename, "K2hdkcKey", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(K2hdkcKey))]
public sealed class RenameK2hdkcKeyCommand : DataCmdlet
{
    /// <summary>The key, as text or bytes. Text is looked for with a trailing NUL, then without.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [KeyArgument]
    [ValidateNotNull]
    public KeyReference Key { get; set; } = null!;

    /// <summary>The new name. A key that bears it already is only replaced with -Force.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [KeyArgument]
    [ValidateNotNull]
    public KeyReference NewKey { get; set; } = null!;

    /// <summary>A key whose list of subkeys names the old key, and is to name the new one.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [KeyArgument]
    public KeyReference? Parent { get; set; }

    /// <summary>The pass phrase that the value was encrypted with.</summary>
    [Parameter]
    public SecureString? PassPhrase { get; set; }

    /// <summary>Replaces a key that bears the new name.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Means text without a trailing NUL.</summary>
    [Parameter]
    public SwitchParameter Bare { get; set; }

    /// <summary>Returns the key under its new name.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess($"{Key} to {NewKey}", "Rename key")) return;
        var (client, key, newKey) = (Client, Key, NewKey);
        var options = new RenameOptions { ParentKey = Parent?.Stored(Bare), PassPhrase = Secret.Reveal(PassPhrase) };
        var done = Run(key.Value, async (_, token) =>
        {
            var target = newKey.Stored(Bare);
            if (!Force && await KeyErrors.ExistsAsync(client, target, token).ConfigureAwait(false))
            {
                throw new DbaasException(
                    ErrorKind.AlreadyExists, "KeyExists", $"There is a key '{newKey}' already; nothing was renamed.",
                    "Take another name, or replace it with -Force.")
                { Target = newKey.Value };
            }

            await KeyErrors.FindingAsync(key, Bare, async stored =>
            {
                await client.RenameAsync(stored, target, options, token).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
        });
        if (done && PassThru) WriteObject(new K2hdkcKey(newKey.Exactly(Bare)));
    }
}
