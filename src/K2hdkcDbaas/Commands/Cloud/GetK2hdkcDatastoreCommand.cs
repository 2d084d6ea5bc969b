using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets Trove's datastores with their versions; clusters are made of the one named k2hdkc.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcDatastore")]
[OutputType(typeof(Datastore))]
public sealed class GetK2hdkcDatastoreCommand : GetCatalogCmdlet
{
    /// <summary>Names or ids; wildcards are allowed; * for those of other databases, too. k2hdkc when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(DatastoreCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Datastore)]
    public string[] Name { get; set; } = ["k2hdkc"];

    /// <inheritdoc/>
    protected override void ProcessRecord() => Find("datastore", Name, Feature<IDatastoreCatalog>().GetDatastoresAsync);
}
