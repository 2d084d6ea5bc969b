using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.K2hr3;

namespace K2hdkcDbaas.Commands;

/// <summary>Removes services from K2HR3.</summary>
[Cmdlet(VerbsCommon.Remove, "K2hr3Service", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(string))]
public sealed class RemoveK2hr3ServiceCommand : RemoveK2hr3Cmdlet
{
    /// <summary>Names of services.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(K2hr3ServiceCompleter))]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Service)]
    public string[] Name { get; set; } = [];

    private protected override ListKind Kind => ListKind.Service;

    /// <inheritdoc/>
    protected override void ProcessRecord() => Remove(Name);

    private protected override Task DeleteAsync(K2hr3Client k2hr3, string name, CancellationToken cancellationToken) =>
        k2hr3.Services.DeleteAsync(name, cancellationToken);
}
