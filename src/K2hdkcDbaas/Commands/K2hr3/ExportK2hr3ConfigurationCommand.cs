using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Core.Registry;

namespace K2hdkcDbaas.Commands;

/// <summary>Writes a tenant's resources, policies and roles as YAML, to a file or to the pipeline; tokens never.</summary>
[Cmdlet(VerbsData.Export, "K2hr3Configuration", SupportsShouldProcess = true)]
[OutputType(typeof(string))]
public sealed class ExportK2hr3ConfigurationCommand : SessionCmdlet
{
    /// <summary>
    /// Names whose resources and roles, with all below them and the policies they use, are written; the whole tenant when not given.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Resource)]
    public string[] Branch { get; set; } = [];

    /// <summary>The file to write; the text goes to the pipeline when not given.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Writes the hosts of roles, too.</summary>
    [Parameter]
    public SwitchParameter IncludeHost { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var file = Path is null ? null : GetUnresolvedProviderPathFromPSPath(Path);
        if (file is not null && !ShouldProcess(file, "Write K2HR3 configuration")) return;
        RunK2hr3(file, async (k2hr3, output, token) =>
        {
            var tenant = await K2hr3Names.TenantAsync(k2hr3, token).ConfigureAwait(false);
            var contents = await K2hr3Contents.ReadAsync(k2hr3, tenant, token).ConfigureAwait(false);
            var text = ContentsYaml.Write(contents.Within([.. Branch.Select(K2hr3Names.Normal)]), IncludeHost);
            if (file is null) await output.WriteAsync(text, token).ConfigureAwait(false);
            else await TextFile.WriteAsync(file, text, token).ConfigureAwait(false);
        });
    }
}
