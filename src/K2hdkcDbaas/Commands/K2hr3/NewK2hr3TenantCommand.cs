using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Makes a tenant that K2HR3 itself keeps, where K2HR3's administrator allows that. K2HR3 puts local@ before its name.</summary>
[Cmdlet(VerbsCommon.New, "K2hr3Tenant", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(K2hr3Tenant))]
public sealed class NewK2hr3TenantCommand : SessionCmdlet
{
    /// <summary>The tenant's name, with or without <c>local@</c> before it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Tenant, NameOnly = true)]
    public string Name { get; set; } = null!;

    /// <summary>Its name for people.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DisplayName { get; set; }

    /// <summary>What it is for.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Description { get; set; }

    /// <summary>Its users beside the session's own. K2HR3 passes over users that have never logged in; a warning names them.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] User { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var name = LocalTenants.Normal(Name);
        if (!ShouldProcess(name, "Make K2HR3 tenant")) return;
        RunK2hr3(name, async (k2hr3, output, token) =>
        {
            if (await LocalTenants.FindAsync(k2hr3, name, token).ConfigureAwait(false) is not null)
            {
                throw new DbaasException(
                    ErrorKind.AlreadyExists, "K2hr3TenantExists", $"There is a tenant '{name}' already; nothing was changed.",
                    "Choose another name, or change it with Set-K2hr3Tenant.")
                { Target = name };
            }

            await k2hr3.Tenants.CreateAsync(name, DisplayName, Description, User, token).ConfigureAwait(false);
            var made = await LocalTenants.DemandAsync(k2hr3, name, token).ConfigureAwait(false);
            LocalTenants.WarnOfUnknown(output, made, User);
            await output.WriteAsync(K2hr3Names.Show(made, isLocal: true), token).ConfigureAwait(false);
        });
    }
}
