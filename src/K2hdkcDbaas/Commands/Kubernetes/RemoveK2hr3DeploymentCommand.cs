using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Flows;

namespace K2hdkcDbaas.Commands;

/// <summary>
/// Removes a K2HR3 system with all roles, resources and tokens that it keeps. One that clusters of the namespace use is left alone, and
/// so is one that Helm runs.
/// </summary>
[Cmdlet(VerbsCommon.Remove, "K2hr3Deployment", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(FlowItem))]
public sealed class RemoveK2hr3DeploymentCommand : FlowCmdlet
{
    /// <summary>The systems, by name or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(K2hr3DeploymentCompleter))]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.K2hr3Deployment)]
    public string[] Name { get; set; } = [];

    /// <summary>Removes it though clusters use it.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Returns what was removed.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var systems = Backend is null ? Feature<IK2hr3Deployments>() : FeatureOf<IK2hr3Deployments>(null);
        foreach (var name in Name)
        {
            if (!Run(name, (_, token) => systems.CheckRemovalAsync(name, Force, token))) continue;
            if (!ShouldProcess(name, "Remove K2HR3 system with all that it keeps")) continue;
            if (TryRun(name, (output, token) => systems.RemoveAsync(name, Flow(output, Force), token), out var removed) && PassThru)
                WriteObject(removed, enumerateCollection: true);
        }
    }
}
