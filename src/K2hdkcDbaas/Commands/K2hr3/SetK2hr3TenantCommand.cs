using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Changes a tenant that K2HR3 itself keeps: its names and its users. What is not given stays as it is.</summary>
[Cmdlet(VerbsCommon.Set, "K2hr3Tenant", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    DefaultParameterSetName = "Change")]
[OutputType(typeof(K2hr3Tenant))]
public sealed class SetK2hr3TenantCommand : SessionCmdlet
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

    /// <summary>Its users, all of them.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "User")]
    [ValidateNotNullOrEmpty]
    public string[]? User { get; set; }

    /// <summary>Users to add.</summary>
    [Parameter(ParameterSetName = "Change")]
    [ValidateNotNullOrEmpty]
    public string[] AddUser { get; set; } = [];

    /// <summary>Users to take out.</summary>
    [Parameter(ParameterSetName = "Change")]
    [ValidateNotNullOrEmpty]
    public string[] RemoveUser { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var name = LocalTenants.Normal(Name);
        if (!ShouldProcess(name, "Change K2HR3 tenant")) return;
        RunK2hr3(name, async (k2hr3, output, token) =>
        {
            var tenant = await LocalTenants.DemandAsync(k2hr3, name, token).ConfigureAwait(false);
            var users = (User
                ?? (tenant.Users ?? []).Union(AddUser, StringComparer.OrdinalIgnoreCase)
                    .Except(RemoveUser, StringComparer.OrdinalIgnoreCase)).ToArray();
            if (users.Length == 0)
            {
                throw new DbaasException(
                    ErrorKind.InvalidInput, "K2hr3TenantWithoutUser", $"The tenant '{name}' would have no user left; nothing was changed.",
                    "Remove the tenant with Remove-K2hr3Tenant.")
                { Target = name };
            }

            await k2hr3.Tenants.UpdateAsync(tenant, DisplayName ?? tenant.Display, Description ?? tenant.Desc,
                users, token).ConfigureAwait(false);
            // Who has taken the user of the session out does not see the tenant any more.
            if (await LocalTenants.FindAsync(k2hr3, name, token).ConfigureAwait(false) is not { } changed) return;
            LocalTenants.WarnOfUnknown(output, changed, users);
            await output.WriteAsync(K2hr3Names.Show(changed, isLocal: true), token).ConfigureAwait(false);
        });
    }
}
