using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Removes hosts from a role. The machine itself stays.</summary>
[Cmdlet(VerbsCommon.Remove, "K2hr3RoleHost", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(K2hr3RoleHost))]
public sealed class RemoveK2hr3RoleHostCommand : SessionCmdlet
{
    /// <summary>The role, by name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(K2hr3RoleCompleter))]
    [ValidateNotNullOrEmpty]
    public string Role { get; set; } = null!;

    /// <summary>The hosts, by address, name, cuk or tag, or as Get-K2hr3RoleHost shows them.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [NameArgument(ByProperty = ObjectKind.RoleHost)]
    public string[] HostName { get; set; } = [];

    /// <summary>Only the host of this custom unique key, where several have one address.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Cuk { get; set; }

    /// <summary>Only the host of this port, where several have one address; 0 for those of any port.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, 65535)]
    public int? Port { get; set; }

    /// <summary>Returns the hosts that were removed.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in HostName)
        {
            if (!ShouldProcess($"{name} of {Role}", "Remove K2HR3 role host")) continue;
            RunK2hr3(name, async (k2hr3, output, token) =>
            {
                await K2hr3Names.DemandPresentAsync(k2hr3, ListKind.Role, Role, token).ConfigureAwait(false);
                var role = await k2hr3.Roles.GetAsync(Role, token).ConfigureAwait(false);
                var meant = role.Hosts
                    .Where(h => (h.Host == name || h.Cuk == name || h.Tag == name) && (string.IsNullOrEmpty(Cuk) || h.Cuk == Cuk)
                        && (Port is null || h.Port == Port)).ToArray();
                if (meant.Length == 0)
                {
                    throw new DbaasException(
                        ErrorKind.NotFound, "K2hr3RoleHostNotFound", $"Role '{Role}' has no host '{name}'.",
                        $"See its hosts with Get-K2hr3RoleHost {Role}.");
                }

                foreach (var host in meant)
                {
                    await k2hr3.Roles.RemoveHostAsync(Role, host, token).ConfigureAwait(false);
                    if (PassThru) await output.WriteAsync(K2hr3Names.Show(K2hr3Names.Normal(Role), host), token).ConfigureAwait(false);
                }
            });
        }
    }
}
