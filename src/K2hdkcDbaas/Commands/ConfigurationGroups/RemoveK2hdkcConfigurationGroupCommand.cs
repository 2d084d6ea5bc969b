using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;

namespace K2hdkcDbaas.Commands;

/// <summary>Removes configuration groups that no node uses.</summary>
[Cmdlet(VerbsCommon.Remove, "K2hdkcConfigurationGroup", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(string))]
public sealed class RemoveK2hdkcConfigurationGroupCommand : SessionCmdlet
{
    /// <summary>The groups, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(ConfigurationGroupCompleter))]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [ConfigurationGroupArgument]
    public ConfigurationGroupReference[] ConfigurationGroup { get; set; } = [];

    /// <summary>Returns the names of what was removed.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var groups = Feature<IConfigurationGroups>();
        foreach (var group in ConfigurationGroup)
        {
            if (!ShouldProcess(group.Name, "Remove configuration group")) continue;
            if (Run(group.Name, (_, token) => groups.RemoveAsync(group.Key, token)) && PassThru) WriteObject(group.Name);
        }
    }
}
