using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.K2hr3;

namespace K2hdkcDbaas.Commands;

/// <summary>Removes resources from K2HR3.</summary>
[Cmdlet(VerbsCommon.Remove, "K2hr3Resource", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(string))]
public sealed class RemoveK2hr3ResourceCommand : RemoveK2hr3Cmdlet
{
    /// <summary>Names of resources.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(K2hr3ResourceCompleter))]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Resource)]
    public string[] Name { get; set; } = [];

    private protected override ListKind Kind => ListKind.Resource;

    /// <inheritdoc/>
    protected override void ProcessRecord() => Remove(Name);

    private protected override async Task DeleteAsync(K2hr3Client k2hr3, string name, CancellationToken cancellationToken)
    {
        // K2HR3 answers the removal of what only groups others as it answers any.
        await K2hr3Names.ResourceAsync(k2hr3, name, expand: false, cancellationToken).ConfigureAwait(false);
        await k2hr3.Resources.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
    }
}
