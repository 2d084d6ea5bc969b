using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.K2hr3;

namespace K2hdkcDbaas.Commands;

/// <summary>Says whether a tenant may take a service up. Only the service's owner may ask.</summary>
[Cmdlet(VerbsDiagnostic.Test, "K2hr3ServiceTenant")]
[OutputType(typeof(bool))]
public sealed class TestK2hr3ServiceTenantCommand : SessionCmdlet
{
    /// <summary>The service, by name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(K2hr3ServiceCompleter))]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Service)]
    public string Service { get; set; } = null!;

    /// <summary>The tenant, by name.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Tenant { get; set; } = null!;

    /// <inheritdoc/>
    protected override void ProcessRecord() => RunK2hr3(Service, async (k2hr3, output, token) =>
    {
        // K2HR3 says no in the same way to a service that is not there or another's.
        await K2hr3Names.DemandPresentAsync(k2hr3, ListKind.Service, Service, token).ConfigureAwait(false);
        var name = K2hr3Names.Normal(Service);
        await k2hr3.Services.GetAsync(name, token).ConfigureAwait(false);
        await output.WriteAsync(await k2hr3.Services.HasTenantAsync(name, K2hr3Names.TenantName(Tenant), token).ConfigureAwait(false),
            token).ConfigureAwait(false);
    });
}
