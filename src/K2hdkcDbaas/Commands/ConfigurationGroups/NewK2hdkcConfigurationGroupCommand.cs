using System.Collections;
using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Makes a configuration group for Trove clusters. Its settings are checked first against what Trove lists.</summary>
[Cmdlet(VerbsCommon.New, "K2hdkcConfigurationGroup", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ConfigurationGroup))]
public sealed class NewK2hdkcConfigurationGroupCommand : SessionCmdlet
{
    /// <summary>The group's name.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = null!;

    /// <summary>The settings as a hashtable; <c>cluster-name</c> is needed.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true)]
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

    /// <summary>What the group is for.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Description { get; set; }

    /// <summary>The datastore's version that it is for; the default one when not given.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DatastoreVersionCompleter))]
    [ValidateNotNullOrEmpty]
    public string? DatastoreVersion { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var groups = Feature<IConfigurationGroups>();
        if (!ShouldProcess(Name, "Create configuration group")) return;
        var path = Path is null ? null : SessionState.Path.GetUnresolvedProviderPathFromPSPath(Path);
        if (TryRun(
            Name,
            (_, token) => groups.CreateAsync(Name, ConfigurationSettings.Merge(path, Value, Setting), DatastoreVersion, Description, token),
            out var group))
        {
            WriteObject(group);
        }
    }
}
