using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets key pairs to log in to nodes with.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcKeyPair")]
[OutputType(typeof(KeyPair))]
public sealed class GetK2hdkcKeyPairCommand : GetCatalogCmdlet
{
    /// <summary>Names; wildcards are allowed. All when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(KeyPairCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.KeyPair)]
    public string[] Name { get; set; } = ["*"];

    /// <summary>What to do when there is none: key pairs are made with the cloud's own tools.</summary>
    private protected override string Next =>
        "See all with Get-K2hdkcKeyPair; 'openstack keypair create --public-key FILE NAME' makes one.";

    /// <inheritdoc/>
    protected override void ProcessRecord() => Find("key pair", Name, Feature<ICloudCatalog>().GetKeyPairsAsync);
}
