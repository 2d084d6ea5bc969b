using System.Management.Automation;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Flows;

namespace K2hdkcDbaas.Commands;

/// <summary>Lets a running Trove instance into a cluster (again): attaches the configuration group that names the cluster.</summary>
[Cmdlet(VerbsLifecycle.Register, "K2hdkcNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(string))]
public sealed class RegisterK2hdkcNodeCommand : MemberOperationCmdlet
{
    /// <summary>The configuration group, by name, id or object; the cluster's own when not given.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ConfigurationGroupCompleter))]
    [ValidateNotNull]
    [ConfigurationGroupArgument]
    public ConfigurationGroupReference? ConfigurationGroup { get; set; }

    private protected override string Action => "Let into the cluster by attaching its configuration group";

    private protected override Task DoAsync(IServiceOperations service, string node, FlowOptions options, CancellationToken cancellationToken) =>
        service.AttachConfigurationAsync(Cluster.Key, node, ConfigurationGroup?.Key, options, cancellationToken);
}
