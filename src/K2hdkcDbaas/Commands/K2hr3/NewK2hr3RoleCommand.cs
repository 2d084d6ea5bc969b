using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Model;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Commands;

/// <summary>Makes a role in K2HR3; with -Force changes one that exists.</summary>
[Cmdlet(VerbsCommon.New, "K2hr3Role", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(K2hr3Role))]
public sealed class NewK2hr3RoleCommand : SessionCmdlet
{
    /// <summary>The role's name; a child's with its parent's before it, such as demo/server. Children inherit policies.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Role)]
    public string Name { get; set; } = null!;

    /// <summary>Its policies, by name or full yrn.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(K2hr3PolicyCompleter))]
    public string[]? Policy { get; set; }

    /// <summary>Roles that it takes more from, by name; those of services and other tenants by full name.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(K2hr3RoleCompleter))]
    public string[]? Alias { get; set; }

    /// <summary>Changes a role that exists; what is not given stays as it is.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess(Name, "Make K2HR3 role")) return;
        RunK2hr3(Name, async (k2hr3, output, token) =>
        {
            if (!Force) await K2hr3Names.DemandAbsentAsync(k2hr3, ListKind.Role, Name, token).ConfigureAwait(false);
            var tenant = await K2hr3Names.TenantAsync(k2hr3, token).ConfigureAwait(false);
            var policies = K2hr3Names.Full(YrnKind.Policy, tenant, Policy);
            var name = K2hr3Names.Own(YrnKind.Role, tenant, Name).Name;
            await k2hr3.Roles.SaveAsync(name, policies, K2hr3Names.FullAnywhere(YrnKind.Role, tenant, Alias), token).ConfigureAwait(false);
            var made = await k2hr3.Roles.GetAsync(name, token).ConfigureAwait(false);
            await output.WriteAsync(K2hr3Names.Show(name, made), token).ConfigureAwait(false);
        });
    }
}
