using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Adds a host to a role by hand; nodes that boot add themselves.</summary>
[Cmdlet(VerbsCommon.Add, "K2hr3RoleHost", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(K2hr3RoleHost))]
public sealed class AddK2hr3RoleHostCommand : SessionCmdlet
{
    /// <summary>The role, by name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(K2hr3RoleCompleter))]
    [ValidateNotNullOrEmpty]
    public string Role { get; set; } = null!;

    /// <summary>The host's address or name.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [NameArgument(ByProperty = ObjectKind.RoleHost)]
    public string HostName { get; set; } = null!;

    /// <summary>Its port; 0 for any.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, 65535)]
    public int Port { get; set; }

    /// <summary>Its custom unique key, which tells hosts of one address apart.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string Cuk { get; set; } = string.Empty;

    /// <summary>Its tag: a name to tell it by, such as its full host name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string Tag { get; set; } = string.Empty;

    /// <summary>How it was registered, which tells K2HR3's watcher whose host it is; empty for by hand.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateSet("", RoleHost.OpenStackAuto, RoleHost.KubernetesAuto)]
    public string Extra { get; set; } = string.Empty;

    /// <summary>The address it is called by from inside.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string InboundIp { get; set; } = string.Empty;

    /// <summary>The address it calls from.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string OutboundIp { get; set; } = string.Empty;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess($"{HostName} to {Role}", "Add K2HR3 role host")) return;
        var host = new RoleHost
        {
            Host = HostName,
            Port = Port,
            Cuk = Cuk,
            Tag = Tag,
            Extra = Extra,
            InboundIp = InboundIp,
            OutboundIp = OutboundIp
        };
        RunK2hr3(HostName, async (k2hr3, output, token) =>
        {
            // K2HR3 would make a role of any name that it is given here.
            await K2hr3Names.DemandPresentAsync(k2hr3, ListKind.Role, Role, token).ConfigureAwait(false);
            await k2hr3.Roles.AddHostsAsync(K2hr3Names.Normal(Role), [host], token).ConfigureAwait(false);
            await output.WriteAsync(K2hr3Names.Show(K2hr3Names.Normal(Role), host), token).ConfigureAwait(false);
        });
    }
}
