using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets roles with their policies and hosts.</summary>
[Cmdlet(VerbsCommon.Get, "K2hr3Role")]
[OutputType(typeof(K2hr3Role))]
public sealed class GetK2hr3RoleCommand : GetK2hr3Cmdlet
{
    /// <summary>Names of roles; wildcards are allowed. All when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(K2hr3RoleCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Role)]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Shows all policies that count for the role, with those of parents and aliases.</summary>
    [Parameter]
    public SwitchParameter Expand { get; set; }

    /// <summary>The service whose roles are meant, which the tenant has taken up; the tenant's own when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Service { get; set; }

    private protected override ListKind Kind => ListKind.Role;

    /// <inheritdoc/>
    protected override void ProcessRecord() => Find(Name);

    private protected override string? OfService => Service;

    private protected override async Task<object> ReadAsync(K2hr3Client k2hr3, string name, string address,
        CancellationToken cancellationToken)
    {
        var role = K2hr3Names.Show(name, await k2hr3.Roles.GetAsync(address, cancellationToken).ConfigureAwait(false)) with
        {
            Service =
            Service
        };
        return Expand
            ? role with { Policies = await k2hr3.Roles.GetPoliciesAsync(address, cancellationToken).ConfigureAwait(false) }
            : role;
    }
}
