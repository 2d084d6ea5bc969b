using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets flavors: the sizes that nodes can have.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcFlavor")]
[OutputType(typeof(Flavor))]
public sealed class GetK2hdkcFlavorCommand : GetCatalogCmdlet
{
    /// <summary>Names or ids; wildcards are allowed. All when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(FlavorCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Flavor)]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord() => Find("flavor", Name, Feature<ICloudCatalog>().GetFlavorsAsync);
}
