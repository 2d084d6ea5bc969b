using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets resources: their text and keys as they are, or expanded as a host reads them.</summary>
[Cmdlet(VerbsCommon.Get, "K2hr3Resource")]
[OutputType(typeof(K2hr3Resource))]
public sealed class GetK2hr3ResourceCommand : GetK2hr3Cmdlet
{
    /// <summary>Names of resources; wildcards are allowed. All when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(K2hr3ResourceCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Resource)]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Expands the template, and adds what comes from parents and aliases.</summary>
    [Parameter]
    public SwitchParameter Expand { get; set; }

    /// <summary>The service whose resources are meant, which the tenant has taken up; the tenant's own when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Service { get; set; }

    private protected override ListKind Kind => ListKind.Resource;

    /// <inheritdoc/>
    protected override void ProcessRecord() => Find(Name);

    private protected override string? OfService => Service;

    private protected override async Task<object> ReadAsync(K2hr3Client k2hr3, string name, string address,
        CancellationToken cancellationToken) =>
        K2hr3Names.Show(name, await K2hr3Names.ResourceAsync(k2hr3, address, Expand, cancellationToken).ConfigureAwait(false),
            Expand) with
        { Service = Service };
}
