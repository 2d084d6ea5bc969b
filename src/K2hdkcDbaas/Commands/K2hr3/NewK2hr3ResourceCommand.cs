using System.Collections;
using System.Management.Automation;
using System.Text.Json;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Makes a resource in K2HR3; with -Force changes one that exists.</summary>
[Cmdlet(VerbsCommon.New, "K2hr3Resource", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(K2hr3Resource))]
public sealed class NewK2hr3ResourceCommand : SessionCmdlet
{
    /// <summary>The resource's name; a child's with its parent's before it, such as demo/server.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Resource)]
    public string Name { get; set; } = null!;

    /// <summary>The text: anything, or a template in K2HR3's own language. A child's is put after its parent's.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? Text { get; set; }

    /// <summary>The keys with their values: text, numbers, booleans.</summary>
    [Parameter]
    [ValidateNotNull]
    public Hashtable? Key { get; set; }

    /// <summary>Full names of resources that it takes more from.</summary>
    [Parameter]
    public string[]? Alias { get; set; }

    /// <summary>Changes a resource that exists; what is not given stays as it is.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess(Name, "Make K2HR3 resource")) return;
        var change = new ResourceChange
        {
            Text = Text,
            Keys = Key?.Cast<DictionaryEntry>().ToDictionary(e => e.Key.ToString()!, e => JsonSerializer.SerializeToElement(JsonValues.From(e.Value))),
            Aliases = Alias,
        };
        RunK2hr3(Name, async (k2hr3, output, token) =>
        {
            if (!Force) await K2hr3Names.DemandAbsentAsync(k2hr3, ListKind.Resource, Name, token).ConfigureAwait(false);
            await k2hr3.Resources.SaveAsync(Name, change, token).ConfigureAwait(false);
            var made = await k2hr3.Resources.GetAsync(Name, expand: false, token).ConfigureAwait(false);
            var keys = (made.Keys ?? new Dictionary<string, JsonElement>()).ToDictionary(k => k.Key, k => JsonValues.ToObject(k.Value));
            await output.WriteAsync(new K2hr3Resource(K2hr3Names.Normal(Name), made.Text, keys, made.Aliases ?? [], Expanded: false), token).ConfigureAwait(false);
        });
    }
}
