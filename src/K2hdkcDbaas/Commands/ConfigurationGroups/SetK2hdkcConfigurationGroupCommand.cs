using System.Collections;
using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Commands;

/// <summary>Changes settings of a configuration group; Trove hands them to every node that uses it.</summary>
[Cmdlet(VerbsCommon.Set, "K2hdkcConfigurationGroup", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ConfigurationGroup))]
public sealed class SetK2hdkcConfigurationGroupCommand : SessionCmdlet
{
    /// <summary>The group, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(ConfigurationGroupCompleter))]
    [Alias("Name")]
    [ValidateNotNull]
    [ConfigurationGroupArgument]
    public ConfigurationGroupReference ConfigurationGroup { get; set; } = null!;

    /// <summary>The settings to change as a hashtable.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNull]
    public IDictionary? Value { get; set; }

    /// <summary>Single settings as name=value; they win over those of <c>-Value</c>, and these over those of <c>-Path</c>.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ConfigurationSettingCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Setting { get; set; } = [];

    /// <summary>A YAML file of settings, one name: value per line.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Drops the settings that are not given.</summary>
    [Parameter]
    public SwitchParameter Replace { get; set; }

    /// <summary>Returns the group as it is then.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Value is not null || Setting.Length > 0 || Path is not null) return;
        ThrowTerminatingError(ErrorRecords.From(
            new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest, "No setting was given.", "Give -Value, -Setting or -Path."),
            null));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var groups = Feature<IConfigurationGroups>();
        if (!ShouldProcess(ConfigurationGroup.Name, Replace ? "Replace all settings" : "Change settings")) return;
        var path = Path is null ? null : SessionState.Path.GetUnresolvedProviderPathFromPSPath(Path);
        if (TryRun(
            ConfigurationGroup.Name,
            (_, token) => groups.SetAsync(ConfigurationGroup.Key, ConfigurationSettings.Merge(path, Value, Setting), Replace, token),
            out var group) && PassThru)
        {
            WriteObject(group);
        }
    }
}
