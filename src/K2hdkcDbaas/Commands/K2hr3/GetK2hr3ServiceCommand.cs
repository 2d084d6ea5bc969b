using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets services of the tenant: resources that it lends to others.</summary>
[Cmdlet(VerbsCommon.Get, "K2hr3Service")]
[OutputType(typeof(K2hr3Service))]
public sealed class GetK2hr3ServiceCommand : GetK2hr3Cmdlet
{
    /// <summary>Names of services; wildcards are allowed. All when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(K2hr3ServiceCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Service)]
    public string[] Name { get; set; } = ["*"];

    private protected override ListKind Kind => ListKind.Service;

    /// <inheritdoc/>
    protected override void ProcessRecord() => Find(Name);

    private protected override async Task<object> ReadAsync(K2hr3Client k2hr3, string name, string address,
        CancellationToken cancellationToken)
    {
        var service = await k2hr3.Services.GetAsync(name, cancellationToken).ConfigureAwait(false);
        return K2hr3Names.Show(name, service);
    }
}
