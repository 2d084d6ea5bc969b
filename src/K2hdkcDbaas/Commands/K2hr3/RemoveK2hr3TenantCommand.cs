using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;

namespace K2hdkcDbaas.Commands;

/// <summary>Removes a tenant that K2HR3 itself keeps, for all its users. What is in it is out of reach then.</summary>
[Cmdlet(VerbsCommon.Remove, "K2hr3Tenant", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(string))]
public sealed class RemoveK2hr3TenantCommand : SessionCmdlet
{
    /// <summary>The tenant's name, with or without <c>local@</c> before it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Tenant, NameOnly = true)]
    public string Name { get; set; } = null!;

    /// <summary>Returns the name of the tenant that was removed.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var name = LocalTenants.Normal(Name);
        if (!ShouldProcess(name, "Remove K2HR3 tenant")) return;
        var done = RunK2hr3(name, async (k2hr3, _, token) =>
            await k2hr3.Tenants.DeleteAsync(await LocalTenants.DemandAsync(k2hr3, name, token).ConfigureAwait(false),
                token).ConfigureAwait(false));
        if (done && PassThru) WriteObject(name);
    }
}
