using System.Management.Automation;
using System.Text.Json;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Changes where a service's resources come from, or which tenants may take it up.</summary>
[Cmdlet(VerbsCommon.Set, "K2hr3Service", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(K2hr3Service))]
public sealed class SetK2hr3ServiceCommand : SetK2hr3Cmdlet
{
    /// <summary>The service, by name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(K2hr3ServiceCompleter))]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Service)]
    public string Name { get; set; } = null!;

    /// <summary>Where its resources come from: an address that K2HR3 asks, or the resources themselves as JSON or hashtables.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNull]
    public object? Verify { get; set; }

    /// <summary>
    /// The tenants that may take it up, all of them; the others lose the right and what they have of it. An empty list leaves the owner
    /// alone.
    /// </summary>
    [Parameter]
    [AllowEmptyCollection]
    [ValidateNotNull]
    public string[]? Tenant { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Change(
        ListKind.Service, Name,
        async (k2hr3, tenant, token) =>
        {
            var name = K2hr3Names.Normal(Name);
            if (Verify is not null)
                await k2hr3.Services.SaveAsync(name, JsonSerializer.SerializeToElement(JsonValues.From(Verify)),
                    token).ConfigureAwait(false);
            if (Tenant is not null)
                await k2hr3.Services.SetTenantsAsync(name, [tenant, .. K2hr3Names.Tenants(Tenant)], replace: true,
                    token).ConfigureAwait(false);
        },
        async (k2hr3, name, token) => K2hr3Names.Show(name, await k2hr3.Services.GetAsync(name, token).ConfigureAwait(false)));
}
