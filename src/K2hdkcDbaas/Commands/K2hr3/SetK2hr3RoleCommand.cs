using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Model;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Commands;

/// <summary>Changes a role's policies or aliases: what is not given stays as it is, and an empty list clears.</summary>
[Cmdlet(VerbsCommon.Set, "K2hr3Role", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(K2hr3Role))]
public sealed class SetK2hr3RoleCommand : SetK2hr3Cmdlet
{
    /// <summary>The role, by name or full name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(K2hr3RoleCompleter))]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Role)]
    public string Name { get; set; } = null!;

    /// <summary>Its policies, all of them, by name or full name.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(K2hr3PolicyCompleter))]
    [AllowEmptyCollection]
    public string[]? Policy { get; set; }

    /// <summary>The roles it takes more from, all of them; those of services and other tenants by full name.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(K2hr3RoleCompleter))]
    [AllowEmptyCollection]
    public string[]? Alias { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Change(
        ListKind.Role, Name,
        (k2hr3, tenant, token) => k2hr3.Roles.SaveAsync(
            K2hr3Names.Normal(Name), K2hr3Names.Full(YrnKind.Policy, tenant, Policy), K2hr3Names.FullAnywhere(YrnKind.Role, tenant, Alias),
            token),
        async (k2hr3, name, token) => K2hr3Names.Show(name, await k2hr3.Roles.GetAsync(name, token).ConfigureAwait(false)));
}
