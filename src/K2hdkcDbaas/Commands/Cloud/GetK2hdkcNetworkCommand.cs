using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets networks that nodes can be put on.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcNetwork")]
[OutputType(typeof(Network))]
public sealed class GetK2hdkcNetworkCommand : GetCatalogCmdlet
{
    /// <summary>Names or ids; wildcards are allowed. All when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Network)]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord() => Find("network", Name, Feature<ICloudCatalog>().GetNetworksAsync);
}
