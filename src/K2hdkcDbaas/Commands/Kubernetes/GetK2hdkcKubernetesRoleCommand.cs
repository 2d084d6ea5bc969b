using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Commands;

/// <summary>
/// Writes the manifest of a Kubernetes Role with the rights that sessions with the Kubernetes and Helm back ends need. It asks no
/// one.
/// </summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcKubernetesRole")]
[OutputType(typeof(string))]
public sealed class GetK2hdkcKubernetesRoleCommand : DbaasCmdlet
{
    /// <summary>The namespace that the clusters are in.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Namespace { get; set; } = "default";

    /// <summary>The Role's name.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "k2hdkc-operator";

    /// <summary>The user to bind the Role to; no RoleBinding is written when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? User { get; set; }

    /// <summary>Adds the rights that New-K2hr3Deployment needs, with a ClusterRole: K2HR3 lists namespaces.</summary>
    [Parameter]
    public SwitchParameter K2hr3 { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteObject(KubernetesRole.Yaml(Namespace, Name, User, K2hr3));
}
