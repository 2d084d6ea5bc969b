using System.Management.Automation;
using System.Text.Json;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Model;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Commands;

/// <summary>Removes resources from K2HR3, or parts of them: the text, the object, keys, aliases.</summary>
[Cmdlet(VerbsCommon.Remove, "K2hr3Resource", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = "All")]
[OutputType(typeof(string))]
public sealed class RemoveK2hr3ResourceCommand : RemoveK2hr3Cmdlet
{
    /// <summary>Names of resources.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(K2hr3ResourceCompleter))]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Resource)]
    public string[] Name { get; set; } = [];

    /// <summary>
    /// Only this part: the text, the object, all keys, all aliases, or the end of its life. Nothing of what the others hold is lost.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "Part")]
    public ResourcePart Part { get; set; }

    /// <summary>Only these keys.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Key")]
    [ValidateNotNullOrEmpty]
    public string[] KeyName { get; set; } = [];

    /// <summary>Only these aliases, by name or full name.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Alias")]
    [ArgumentCompleter(typeof(K2hr3ResourceCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Alias { get; set; } = [];

    private protected override ListKind Kind => ListKind.Resource;

    /// <inheritdoc/>
    protected override void ProcessRecord() => Remove(Name);

    private protected override async Task DeleteAsync(K2hr3Client k2hr3, string name, CancellationToken cancellationToken)
    {
        // K2HR3 answers the removal of what only groups others as it answers any.
        await K2hr3Names.ResourceAsync(k2hr3, name, expand: false, cancellationToken).ConfigureAwait(false);
        switch (ParameterSetName)
        {
            case "Part":
                await k2hr3.Resources.DeletePartAsync(name, Word(Part), null, null, cancellationToken).ConfigureAwait(false);
                break;
            case "Key":
                await k2hr3.Resources.DeletePartAsync(name, "keys", JsonSerializer.Serialize(KeyName),
                    null, cancellationToken).ConfigureAwait(false);
                break;
            case "Alias":
                var full = K2hr3Names.Full(YrnKind.Resource, await K2hr3Names.TenantAsync(k2hr3, cancellationToken).ConfigureAwait(false),
                    Alias);
                await k2hr3.Resources.DeletePartAsync(name, "aliases", null, JsonSerializer.Serialize(full),
                    cancellationToken).ConfigureAwait(false);
                break;
            default:
                await k2hr3.Resources.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    private static string Word(ResourcePart part) => part switch
    {
        ResourcePart.Text => "string",
        ResourcePart.Data => "object",
        ResourcePart.Key => "keys",
        ResourcePart.Alias => "aliases",
        _ => "expire",
    };
}
