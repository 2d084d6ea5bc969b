using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.K2hr3;

namespace K2hdkcDbaas.Commands;

/// <summary>Removes policies from K2HR3.</summary>
[Cmdlet(VerbsCommon.Remove, "K2hr3Policy", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(string))]
public sealed class RemoveK2hr3PolicyCommand : RemoveK2hr3Cmdlet
{
    /// <summary>Names of policies.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(K2hr3PolicyCompleter))]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Policy)]
    public string[] Name { get; set; } = [];

    private protected override ListKind Kind => ListKind.Policy;

    /// <inheritdoc/>
    protected override void ProcessRecord() => Remove(Name);

    private protected override Task DeleteAsync(K2hr3Client k2hr3, string name, CancellationToken cancellationToken) =>
        k2hr3.Policies.DeleteAsync(name, cancellationToken);
}
