using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Lets tenants take a service up. The tenants themselves do so with Register-K2hr3Service.</summary>
[Cmdlet(VerbsCommon.Add, "K2hr3ServiceTenant", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(K2hr3Service))]
public sealed class AddK2hr3ServiceTenantCommand : SessionCmdlet
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

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess($"{string.Join(", ", Tenant)} to {Service}", "Add tenants to K2HR3 service")) return;
        RunK2hr3(Service, async (k2hr3, output, token) =>
        {
            await K2hr3Names.DemandPresentAsync(k2hr3, ListKind.Service, Service, token).ConfigureAwait(false);
            var name = K2hr3Names.Normal(Service);
            await k2hr3.Services.SetTenantsAsync(name, K2hr3Names.Tenants(Tenant), replace: false, token).ConfigureAwait(false);
            await output.WriteAsync(K2hr3Names.Show(name, await k2hr3.Services.GetAsync(name, token).ConfigureAwait(false)),
                token).ConfigureAwait(false);
        });
    }
}
