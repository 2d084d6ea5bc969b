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

/// <summary>Changes a resource: what is not given stays as it is, and what is given empty is cleared.</summary>
[Cmdlet(VerbsCommon.Set, "K2hr3Resource", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    DefaultParameterSetName = "Text")]
[OutputType(typeof(K2hr3Resource))]
public sealed class SetK2hr3ResourceCommand : SetK2hr3Cmdlet
{
    /// <summary>The resource, by name or full name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(K2hr3ResourceCompleter))]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Resource)]
    public string Name { get; set; } = null!;

    /// <summary>The text: anything, or a template in K2HR3's own language.</summary>
    [Parameter(Position = 1, ParameterSetName = "Text")]
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

    /// <summary>The keys with their values, all of them; an empty table clears.</summary>
    [Parameter]
    [ValidateNotNull]
    public Hashtable? Key { get; set; }

    /// <summary>The resources it takes more from, all of them, by name or full name.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(K2hr3ResourceCompleter))]
    [AllowEmptyCollection]
    public string[]? Alias { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var file = Path is null ? null : GetUnresolvedProviderPathFromPSPath(Path);
        Change(
            ListKind.Resource, Name,
            async (k2hr3, tenant, token) => await k2hr3.Resources.SaveAsync(
                K2hr3Names.Normal(Name),
                new ResourceChange
                {
                    Text = file is null ? Text : await TextFile.ReadAsync(file, token).ConfigureAwait(false),
                    Data = InputObject is null ? null : JsonSerializer.SerializeToElement(JsonValues.From(InputObject)),
                    Keys = K2hr3Names.Keys(Key),
                    Aliases = K2hr3Names.Full(YrnKind.Resource, tenant, Alias),
                }, token).ConfigureAwait(false),
            async (k2hr3, name, token) =>
                K2hr3Names.Show(name, await k2hr3.Resources.GetAsync(name, expand: false, token).ConfigureAwait(false), expanded: false));
    }
}
