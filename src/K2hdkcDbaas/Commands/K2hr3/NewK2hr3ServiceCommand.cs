using System.Management.Automation;
using System.Text.Json;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Makes a service in K2HR3, or with -Force changes one, and lets tenants take it up.</summary>
[Cmdlet(VerbsCommon.New, "K2hr3Service", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(K2hr3Service))]
public sealed class NewK2hr3ServiceCommand : SessionCmdlet
{
    /// <summary>The service's name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Service)]
    public string Name { get; set; } = null!;

    /// <summary>Where its resources come from: an address that K2HR3 asks, or the resources themselves as JSON or hashtables.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNull]
    public object Verify { get; set; } = null!;

    /// <summary>The tenants that may take it up; with -Force in place of those that may so far.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Tenant { get; set; } = [];

    /// <summary>Changes a service that exists.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess(Name, "Make K2HR3 service")) return;
        var verify = JsonSerializer.SerializeToElement(JsonValues.From(Verify));
        RunK2hr3(Name, async (k2hr3, output, token) =>
        {
            if (!Force) await K2hr3Names.DemandAbsentAsync(k2hr3, ListKind.Service, Name, token).ConfigureAwait(false);
            await k2hr3.Services.SaveAsync(Name, verify, token).ConfigureAwait(false);
            if (Tenant.Length > 0)
            {
                var own = await K2hr3Names.TenantAsync(k2hr3, token).ConfigureAwait(false);
                await k2hr3.Services.SetTenantsAsync(Name, [own, .. K2hr3Names.Tenants(Tenant)], replace: Force,
                    token).ConfigureAwait(false);
            }

            await output.WriteAsync(K2hr3Names.Show(Name, await k2hr3.Services.GetAsync(Name, token).ConfigureAwait(false)),
                token).ConfigureAwait(false);
        });
    }
}
