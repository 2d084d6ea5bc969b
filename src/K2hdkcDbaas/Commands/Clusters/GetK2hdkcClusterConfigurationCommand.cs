using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets a cluster's configuration: the INI as a node of a role reads it now, or the template behind it.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcClusterConfiguration")]
[OutputType(typeof(ClusterConfiguration))]
public sealed class GetK2hdkcClusterConfigurationCommand : BackendCmdlet
{
    /// <summary>The clusters, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [ClusterArgument]
    public ClusterReference[] Cluster { get; set; } = [];

    /// <summary>Whose view; the cluster's own template when not given.</summary>
    [Parameter(Position = 1)]
    public NodeRole? Role { get; set; }

    /// <summary>The template rather than the INI that it yields now.</summary>
    [Parameter]
    public SwitchParameter Template { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var reference in Cluster)
        {
            var backend = BackendOf(reference);
            var expanded = Role is not null && !Template;
            if (TryRun(reference.Name, (_, token) => backend.GetConfigurationAsync(reference.Key, Role, expanded, token),
                out var configuration))
                WriteObject(configuration);
        }
    }
}
