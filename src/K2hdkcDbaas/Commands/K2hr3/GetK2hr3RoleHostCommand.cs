using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets the hosts of roles.</summary>
[Cmdlet(VerbsCommon.Get, "K2hr3RoleHost")]
[OutputType(typeof(K2hr3RoleHost))]
public sealed class GetK2hr3RoleHostCommand : SessionCmdlet
{
    /// <summary>The roles, by name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(K2hr3RoleCompleter))]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Role, ByProperty = ObjectKind.RoleHost)]
    public string[] Role { get; set; } = [];

    /// <summary>Addresses, names, cuks or tags of hosts; wildcards are allowed. All when not given.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] HostName { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var patterns = HostName.Select(h => WildcardPattern.Get(h, WildcardOptions.IgnoreCase)).ToArray();
        foreach (var role in Role)
        {
            RunK2hr3(role, async (k2hr3, output, token) =>
            {
                await K2hr3Names.DemandPresentAsync(k2hr3, ListKind.Role, role, token).ConfigureAwait(false);
                var hosts = K2hr3Names.Show(K2hr3Names.Normal(role), await k2hr3.Roles.GetAsync(role, token).ConfigureAwait(false)).Hosts;
                foreach (var host in hosts.Where(h => patterns.Any(p => p.IsMatch(h.HostName) || p.IsMatch(h.Cuk) || p.IsMatch(h.Tag))))
                    await output.WriteAsync(host, token).ConfigureAwait(false);
            });
        }
    }
}
