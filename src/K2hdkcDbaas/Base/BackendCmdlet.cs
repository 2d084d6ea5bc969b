using System.Management.Automation;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Base;

/// <summary>A cmdlet whose clusters may be run in either way: the one of a given object, the one that <c>-Backend</c> names, or the session's.</summary>
public abstract class BackendCmdlet : SessionCmdlet
{
    /// <summary>How the cluster is run: by Nova with K2HR3, or by Trove; the session's way when not given.</summary>
    [Parameter]
    public BackendKind? Backend { get; set; }

    private protected override IClusterBackend BackendOf(ClusterReference? cluster) => Backend is { } kind ? Connection.GetBackend(kind) : base.BackendOf(cluster);
}
