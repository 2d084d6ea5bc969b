using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Removes subkeys, and takes their names out of their parent's list.</summary>
[Cmdlet(VerbsCommon.Remove, "K2hdkcSubkey", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(K2hdkcSubkey))]
public sealed class RemoveK2hdkcSubkeyCommand : DataCmdlet
{
    /// <summary>The parent key, as text or bytes. Text is looked for with a trailing NUL, then without, as is the subkeys'.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [KeyArgument]
    [Alias("Parent")]
    [ValidateNotNull]
    public KeyReference Key { get; set; } = null!;

    /// <summary>The subkeys, as text or bytes.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [KeyArgument]
    [ArgumentCompleter(typeof(SubkeyCompleter))]
    [ValidateNotNullOrEmpty]
    public KeyReference[] Subkey { get; set; } = [];

    /// <summary>Removes the subkeys of the subkeys too, and so on.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>Looks for text without a trailing NUL only.</summary>
    [Parameter]
    public SwitchParameter Bare { get; set; }

    /// <summary>Returns each subkey that was removed.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var subkey in Subkey)
        {
            if (!ShouldProcess($"{subkey} below {Key}", Recurse ? "Remove subkey with all below it" : "Remove subkey")) continue;
            var client = Client;
            if (TryRun(subkey.Value, (_, token) => RemoveAsync(client, subkey, token), out var removed) && PassThru)
                WriteObject(new K2hdkcSubkey
                {
                    Key = subkey.Value,
                    IsBare = KeyReference.Of(removed).IsBare,
                    Parent = Key.Value,
                    Depth = 1
                });
        }
    }

    private async Task<ReadOnlyMemory<byte>> RemoveAsync(IK2hdkcClient client, KeyReference subkey, CancellationToken cancellationToken)
    {
        DbaasException? missing = null;
        foreach (var parent in Key.Forms(Bare))
        {
            foreach (var stored in subkey.Forms(Bare))
            {
                try
                {
                    await client.RemoveSubkeyAsync(parent, stored, Recurse, cancellationToken).ConfigureAwait(false);
                    return stored;
                }
                catch (DbaasException fault) when (fault.ErrorId == K2hdkcErrors.SubkeyNotFound)
                {
                    missing ??= fault;
                }
            }
        }

        throw missing!;
    }
}
