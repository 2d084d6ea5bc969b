using System.Management.Automation;

namespace K2hdkcDbaas.Commands;

/// <summary>Removes subkeys, and takes their names out of their parent's list.</summary>
[Cmdlet(VerbsCommon.Remove, "K2hdkcSubkey", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(K2hdkcSubkey))]
public sealed class RemoveK2hdkcSubkeyCommand : DataCommand
{
    /// <summary>The parent key, as text or bytes.</summary>
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

    /// <summary>Means text without a trailing NUL.</summary>
    [Parameter]
    public SwitchParameter Bare { get; set; }

    /// <summary>Puts out each subkey that was removed.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var subkey in Subkey)
        {
            if (!ShouldProcess($"{subkey} below {Key}", Recurse ? "Remove subkey with all below it" : "Remove subkey")) continue;
            var client = Client;
            if (Run(subkey.Value, (_, token) => client.RemoveSubkeyAsync(Key.Stored(Bare), subkey.Stored(Bare), Recurse, token)) && PassThru)
                WriteObject(new K2hdkcSubkey { Key = subkey.Value, IsBare = subkey.Exactly(Bare).IsBare, Parent = Key.Value, Depth = 1 });
        }
    }
}
