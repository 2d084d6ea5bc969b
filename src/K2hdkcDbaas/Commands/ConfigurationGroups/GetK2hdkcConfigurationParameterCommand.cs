using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets the settings that a configuration group may hold, with type and range, as Trove lists them.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcConfigurationParameter")]
[OutputType(typeof(ConfigurationParameter))]
public sealed class GetK2hdkcConfigurationParameterCommand : SessionCmdlet
{
    /// <summary>Names of settings; wildcards are allowed. All when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(ConfigurationParameterCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.ConfigurationParameter)]
    public string[] Name { get; set; } = ["*"];

    /// <summary>The datastore's version; its default one when not given.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DatastoreVersionCompleter))]
    [ValidateNotNullOrEmpty]
    public string? DatastoreVersion { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var groups = Feature<IConfigurationGroups>();
        if (!TryRun(DatastoreVersion, (_, token) => groups.GetParametersAsync(DatastoreVersion, token), out var all)) return;
        foreach (var name in Name)
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            var found = all!.Where(p => pattern.IsMatch(p.Name)).ToList();
            WriteObject(found, enumerateCollection: true);
            if (found.Count > 0 || WildcardPattern.ContainsWildcardCharacters(name)) continue;
            Fail(
                new DbaasException(ErrorKind.NotFound, "ConfigurationParameterNotFound", $"The datastore knows no setting '{name}'.",
                    "See all with Get-K2hdkcConfigurationParameter."), name);
        }
    }
}
