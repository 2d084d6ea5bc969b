using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets images to boot nodes from.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcImage")]
[OutputType(typeof(Image))]
public sealed class GetK2hdkcImageCommand : GetCatalogCmdlet
{
    /// <summary>Names or ids; wildcards are allowed. All when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ImageCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Image)]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord() => Find("image", Name, Feature<ICloudCatalog>().GetImagesAsync);
}
