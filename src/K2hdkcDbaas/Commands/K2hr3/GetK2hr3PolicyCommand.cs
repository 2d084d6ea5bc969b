using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets policies: what roles that have them may do.</summary>
[Cmdlet(VerbsCommon.Get, "K2hr3Policy")]
[OutputType(typeof(K2hr3Policy))]
public sealed class GetK2hr3PolicyCommand : GetK2hr3Cmdlet
{
    /// <summary>Names of policies; wildcards are allowed. All when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(K2hr3PolicyCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Policy)]
    public string[] Name { get; set; } = ["*"];

    /// <summary>The service whose policies are meant, which the tenant has taken up; the tenant's own when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Service { get; set; }

    private protected override ListKind Kind => ListKind.Policy;

    /// <inheritdoc/>
    protected override void ProcessRecord() => Find(Name);

    private protected override string? OfService => Service;

    private protected override async Task<object> ReadAsync(K2hr3Client k2hr3, string name, string address,
        CancellationToken cancellationToken) =>
        K2hr3Names.Show(name, await k2hr3.Policies.GetAsync(address, cancellationToken).ConfigureAwait(false)) with { Service = Service };
}
