using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Parts;

namespace K2hdkcDbaas.Commands;

/// <summary>
/// Makes new certificates for the nodes of a cluster, by the authority that they trust. With -Wait the nodes take them one after the other,
/// and no key is lost.
/// </summary>
[Cmdlet(VerbsData.Update, "K2hdkcCertificate", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ClusterNode))]
public sealed class UpdateK2hdkcCertificateCommand : FlowCmdlet, IDynamicParameters
{
    /// <summary>The cluster, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ValidateNotNull]
    [ClusterArgument]
    public ClusterReference Cluster { get; set; } = null!;

    /// <summary>Recreates the nodes without moving their data to the others first.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Returns the nodes, as they are then.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private NodeTemplateParameters Made => field ??= new NodeTemplateParameters(this, ParameterUses.UpdateCertificate);

    /// <inheritdoc/>
    public object GetDynamicParameters() => Made.Define();

    /// <inheritdoc/>
    protected override void ProcessRecord() => this.ChangeAndRenew(Cluster, "Make new certificates for all nodes", Made, Force, PassThru,
        (renewal, template, options, token) => renewal.RenewCertificatesAsync(Cluster.Key, template, options, token));
}
