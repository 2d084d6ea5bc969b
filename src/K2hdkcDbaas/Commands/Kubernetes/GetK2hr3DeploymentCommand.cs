using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Commands;

/// <summary>
/// Gets the K2HR3 systems of the session's namespace: those of this module, of <c>k2hr3 database-k8s</c>, and of K2HR3's Helm chart.
/// </summary>
[Cmdlet(VerbsCommon.Get, "K2hr3Deployment")]
[OutputType(typeof(K2hr3Deployment))]
public sealed class GetK2hr3DeploymentCommand : SessionCmdlet
{
    /// <summary>Names; wildcards are allowed. All when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(K2hr3DeploymentCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.K2hr3Deployment)]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var systems = Feature<IK2hr3Deployments>();
        foreach (var name in Name)
        {
            Run(name, async (output, token) =>
            {
                var found = await systems.GetAsync(name, token).ConfigureAwait(false);
                foreach (var one in found) await output.WriteAsync(one, token).ConfigureAwait(false);
                if (found.Count > 0 || WildcardPattern.ContainsWildcardCharacters(name)) return;
                throw new DbaasException(ErrorKind.NotFound, ErrorIds.K2hr3DeploymentNotFound,
                    $"There is no K2HR3 system '{name}' in this namespace.", "See all with Get-K2hr3Deployment.");
            });
        }
    }
}
