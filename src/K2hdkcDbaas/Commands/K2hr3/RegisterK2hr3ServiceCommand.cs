using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Model;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Commands;

/// <summary>
/// Takes a service up for the session's tenant: K2HR3 gives it the service's resources, a policy to read them, and a role with that policy.
/// </summary>
[Cmdlet(VerbsLifecycle.Register, "K2hr3Service", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(K2hr3ServiceUse))]
public sealed class RegisterK2hr3ServiceCommand : SessionCmdlet
{
    /// <summary>The service, by name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(K2hr3ServiceCompleter))]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Service)]
    public string Service { get; set; } = null!;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess(Service, "Take up K2HR3 service")) return;
        RunK2hr3(Service, async (k2hr3, output, token) =>
        {
            var name = K2hr3Names.Normal(Service);
            var tenant = await K2hr3Names.TenantAsync(k2hr3, token).ConfigureAwait(false);
            await k2hr3.Acr.JoinAsync(name, token).ConfigureAwait(false);
            await output.WriteAsync(
                new K2hr3ServiceUse(name, tenant, Yrn.Make(tenant, YrnKind.Role, "acr-role", name).ToString(),
                    Yrn.Make(tenant, YrnKind.Policy, "acr-policy", name).ToString()),
                token).ConfigureAwait(false);
        });
    }
}
