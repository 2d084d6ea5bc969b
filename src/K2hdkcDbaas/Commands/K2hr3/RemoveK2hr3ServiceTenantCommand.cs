using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Takes the right to a service from tenants, and with it what they have of the service.</summary>
[Cmdlet(VerbsCommon.Remove, "K2hr3ServiceTenant", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(K2hr3Service))]
public sealed class RemoveK2hr3ServiceTenantCommand : SessionCmdlet
{
    /// <summary>The service, by name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(K2hr3ServiceCompleter))]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Service)]
    public string Service { get; set; } = null!;

    /// <summary>The tenants, by name.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string[] Tenant { get; set; } = [];

    /// <summary>Returns the service with the tenants that are left.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess($"{string.Join(", ", Tenant)} of {Service}", "Remove tenants from K2HR3 service")) return;
        RunK2hr3(Service, async (k2hr3, output, token) =>
        {
            await K2hr3Names.DemandPresentAsync(k2hr3, ListKind.Service, Service, token).ConfigureAwait(false);
            var name = K2hr3Names.Normal(Service);
            var owner = K2hr3Names.Tenants([await K2hr3Names.TenantAsync(k2hr3, token).ConfigureAwait(false)])[0];
            var denied = K2hr3Names.Tenants(Tenant);
            var before = (await k2hr3.Services.GetAsync(name, token).ConfigureAwait(false)).Tenant ?? [];
            foreach (var missing in denied.Where(t => t == owner || !before.Contains(t)))
            {
                throw new DbaasException(
                    ErrorKind.InvalidInput, "K2hr3ServiceTenantNotFound",
                    missing == owner
                        ? $"'{missing}' owns the service '{name}' and always has it; nothing was changed."
                        : $"'{missing}' is none of the tenants of the service '{name}'; nothing was changed.",
                    $"See them with Get-K2hr3Service {name}.")
                { Target = missing };
            }

            // K2HR3's own deletion of a tenant only works for one of the caller's own; who is left is said in full instead.
            await k2hr3.Services.SetTenantsAsync(name, [owner, .. before.Where(t => t != owner && !denied.Contains(t))], replace: true,
                token).ConfigureAwait(false);
            if (PassThru)
                await output.WriteAsync(K2hr3Names.Show(name, await k2hr3.Services.GetAsync(name, token).ConfigureAwait(false)),
                    token).ConfigureAwait(false);
        });
    }
}
