using System.Collections;
using System.Management.Automation;
using System.Text.Json;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Model;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Commands;

/// <summary>Makes a resource in K2HR3; with -Force changes one that exists.</summary>
[Cmdlet(VerbsCommon.New, "K2hr3Resource", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    DefaultParameterSetName = "Text")]
[OutputType(typeof(K2hr3Resource))]
public sealed class NewK2hr3ResourceCommand : SessionCmdlet
{
    /// <summary>The resource's name; a child's with its parent's before it, such as demo/server.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Resource)]
    public string Name { get; set; } = null!;

    /// <summary>The text: anything, or a template in K2HR3's own language. A child's is put after its parent's.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = "Text")]
    [AllowEmptyString]
    public string? Text { get; set; }

    /// <summary>A file whose text it shall be.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>An object as its data, in place of a text.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Object")]
    [ValidateNotNull]
    public object? InputObject { get; set; }

    /// <summary>The keys with their values: text, numbers, booleans.</summary>
    [Parameter]
    [ValidateNotNull]
    public Hashtable? Key { get; set; }

    /// <summary>Resources that it takes more from, by name or full name.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(K2hr3ResourceCompleter))]
    public string[]? Alias { get; set; }

    /// <summary>Changes a resource that exists; what is not given stays as it is.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess(Name, "Make K2HR3 resource")) return;
        var file = Path is null ? null : GetUnresolvedProviderPathFromPSPath(Path);
        RunK2hr3(Name, async (k2hr3, output, token) =>
        {
            if (!Force) await K2hr3Names.DemandAbsentAsync(k2hr3, ListKind.Resource, Name, token).ConfigureAwait(false);
            var tenant = await K2hr3Names.TenantAsync(k2hr3, token).ConfigureAwait(false);
            var name = K2hr3Names.Own(YrnKind.Resource, tenant, Name).Name;
            var change = new ResourceChange
            {
                Text = file is null ? Text : await TextFile.ReadAsync(file, token).ConfigureAwait(false),
                Data = InputObject is null ? null : JsonSerializer.SerializeToElement(JsonValues.From(InputObject)),
                Keys = K2hr3Names.Keys(Key),
                Aliases = K2hr3Names.Full(YrnKind.Resource, tenant, Alias),
            };
            await k2hr3.Resources.SaveAsync(name, change, token).ConfigureAwait(false);
            await output.WriteAsync(
                K2hr3Names.Show(name, await k2hr3.Resources.GetAsync(name, expand: false, token).ConfigureAwait(false), expanded: false),
                token).ConfigureAwait(false);
        });
    }
}
