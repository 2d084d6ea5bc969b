using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets Trove's configuration groups for K2HDKC, with their settings.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcConfigurationGroup")]
[OutputType(typeof(ConfigurationGroup))]
public sealed class GetK2hdkcConfigurationGroupCommand : SessionCmdlet
{
    /// <summary>Names or ids; wildcards are allowed. All when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(ConfigurationGroupCompleter))]
    [Alias("ConfigurationGroup")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ConfigurationGroupArgument]
    public ConfigurationGroupReference[] Name { get; set; } = [new("*")];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var groups = Feature<IConfigurationGroups>();
        foreach (var reference in Name)
        {
            Run(reference.Name, async (output, token) =>
            {
                var any = false;
                await foreach (var group in groups.GetAsync(reference.Key, token).ConfigureAwait(false))
                {
                    any = true;
                    await output.WriteAsync(group, token).ConfigureAwait(false);
                }

                if (any || WildcardPattern.ContainsWildcardCharacters(reference.Key)) return;
                throw new DbaasException(
                    ErrorKind.NotFound, ErrorIds.ConfigurationGroupNotFound,
                    $"There is no configuration group '{reference.Name}' for K2HDKC in this project.",
                    "See all with Get-K2hdkcConfigurationGroup.");
            });
        }
    }
}
