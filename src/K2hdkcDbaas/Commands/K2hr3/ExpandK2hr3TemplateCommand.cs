using System.Collections;
using System.Management.Automation;
using System.Text.Json;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Model;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Commands;

/// <summary>Expands a K2HR3 template on this machine, with given keys and hosts, before it reaches a cluster.</summary>
[Cmdlet(VerbsData.Expand, "K2hr3Template", DefaultParameterSetName = "Text")]
[OutputType(typeof(K2hr3Expansion))]
public sealed class ExpandK2hr3TemplateCommand : SessionCmdlet
{
    /// <summary>The template's text.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Text", ValueFromPipeline = true)]
    [AllowEmptyString]
    [TextArgument]
    public string Text { get; set; } = "";

    /// <summary>A file that holds the template.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Path", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>
    /// Variables with their values, as the keys of the resource and of those above it; a full name as key stands for what K2HR3 would look
    /// up.
    /// </summary>
    [Parameter(Position = 1)]
    [Alias("Keys")]
    public IDictionary? Key { get; set; }

    /// <summary>
    /// Roles with their hosts: addresses or names, hashtables with host, port, cuk, tag, extra, inboundip and outboundip, or objects of
    /// Get-K2hr3RoleHost.
    /// </summary>
    [Parameter(Position = 2)]
    public IDictionary? Role { get; set; }

    /// <summary>The release of k2hr3_api whose rules hold; 2.0.3 when not given, with a warning when 1.0.42 answers otherwise.</summary>
    [Parameter]
    [ValidateSet("1.0.42", "2.0.3")]
    public string? ApiVersion { get; set; }

    /// <summary>Looks up the resources and roles that are not given in the session's tenant, as K2HR3 would.</summary>
    [Parameter]
    public SwitchParameter LookUp { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (LookUp) base.BeginProcessing();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var target = ParameterSetName == "Path" ? Path : "template";
        if (!TryRun(target, (_, token) => ExpandAsync(ParameterSetName == "Path" ? ResolvePath(Path) : null, token), out var result))
            return;
        if (result.Warning is { } warning) WriteWarning(warning);
        WriteObject(result.Expansion);
    }

    private string ResolvePath(string path) => GetUnresolvedProviderPathFromPSPath(path);

    private async Task<(K2hr3Expansion Expansion, string? Warning)> ExpandAsync(string? file, CancellationToken cancellationToken)
    {
        var text = file is null ? Text : await TextFile.ReadAsync(file, cancellationToken).ConfigureAwait(false);
        var (live, tenant) = ((K2hr3Client?)null, (string?)null);
        if (LookUp)
        {
            live = await Connection.GetK2hr3Async(cancellationToken).ConfigureAwait(false);
            tenant = await K2hr3Names.TenantAsync(live, cancellationToken).ConfigureAwait(false);
        }

        var keys = (TemplateMap)TemplateJson.ToValue(JsonSerializer.SerializeToElement(JsonValues.From(Key ?? new Hashtable())))!;
        var trial = new TemplateTrial(keys, RoleHosts.Read(Role), live, tenant);
        var version = ApiVersion == "1.0.42" ? K2hr3Version.V1 : K2hr3Version.V2;
        var (expansion, variables) = await trial.ExpandAsync(text, version, cancellationToken).ConfigureAwait(false);
        var warning = ApiVersion is null ? await CompareAsync(trial, text, expansion.Text, cancellationToken).ConfigureAwait(false) : null;
        var shown = variables.ToDictionary(v => v.Key,
            v => JsonValues.ToObject(JsonDocument.Parse(TemplateJson.Write(v.Value)).RootElement));
        return (new K2hr3Expansion(expansion.Text, version == K2hr3Version.V1 ? "1.0.42" : "2.0.3", shown, expansion.Missing), warning);
    }

    private static async Task<string?> CompareAsync(TemplateTrial trial, string text, string newer, CancellationToken cancellationToken)
    {
        try
        {
            var (older, _) = await trial.ExpandAsync(text, K2hr3Version.V1, cancellationToken).ConfigureAwait(false);
            return older.Text == newer ? null : "k2hr3_api 1.0.42 expands this template to another text: see it with -ApiVersion 1.0.42.";
        }
        catch (DbaasException e)
        {
            return $"k2hr3_api 1.0.42 refuses this template: {e.Message}";
        }
    }
}
