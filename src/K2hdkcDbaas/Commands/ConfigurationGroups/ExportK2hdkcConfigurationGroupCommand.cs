using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Backends.Trove;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Commands;

/// <summary>Writes the settings of a configuration group to a YAML file that New- and Set-K2hdkcConfigurationGroup read.</summary>
[Cmdlet(VerbsData.Export, "K2hdkcConfigurationGroup", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(FileInfo))]
public sealed class ExportK2hdkcConfigurationGroupCommand : SessionCmdlet
{
    /// <summary>The group, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(ConfigurationGroupCompleter))]
    [Alias("Name")]
    [ValidateNotNull]
    [ConfigurationGroupArgument]
    public ConfigurationGroupReference ConfigurationGroup { get; set; } = null!;

    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>Writes over a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Returns the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var groups = Feature<IConfigurationGroups>();
        var path = SessionState.Path.GetUnresolvedProviderPathFromPSPath(Path);
        if (!ShouldProcess(path, $"Write the settings of configuration group {ConfigurationGroup.Name}")) return;
        var written = Run(ConfigurationGroup.Name, async (_, token) =>
        {
            var group = await groups.GetAsync(ConfigurationGroup.Key, token).FirstOrDefaultAsync(token).ConfigureAwait(false)
                ?? throw new DbaasException(
                    ErrorKind.NotFound, ErrorIds.ConfigurationGroupNotFound,
                    $"There is no configuration group '{ConfigurationGroup.Name}' for K2HDKC in this project.",
                    "See all with Get-K2hdkcConfigurationGroup.");
            try
            {
                using var file = new FileStream(path, Force ? FileMode.Create : FileMode.CreateNew, FileAccess.Write);
                using var writer = new StreamWriter(file);
                await writer.WriteAsync(ConfigurationYaml.Write(group.Values).AsMemory(), token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.FileNotWritten,
                    $"The file '{path}' cannot be written: {e.Message}",
                    "Choose another file, or use -Force to write over one.", e)
                { Target = path };
            }
        });
        if (written && PassThru) WriteObject(InvokeProvider.Item.Get([path], force: true, literalPath: true), enumerateCollection: true);
    }
}
