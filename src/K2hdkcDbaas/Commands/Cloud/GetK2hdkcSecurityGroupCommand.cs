using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets security groups with their rules.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcSecurityGroup")]
[OutputType(typeof(SecurityGroup))]
public sealed class GetK2hdkcSecurityGroupCommand : GetCatalogCmdlet
{
    /// <summary>Names or ids; wildcards are allowed. All when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.SecurityGroup)]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord() => Find("security group", Name, Feature<ICloudCatalog>().GetSecurityGroupsAsync);
}
