using System.Management.Automation;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Completers;

namespace K2hdkcDbaas.Provider;

/// <summary>What New-PSDrive takes beside its own parameters: which ring.</summary>
public sealed class K2hdkcDriveParameters
{
    /// <summary>The cluster, by name, id or object.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ClusterArgument]
    public ClusterReference? Cluster { get; set; }

    /// <summary>The session that finds the cluster; the one connected last when not given.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SessionCompleter))]
    [SessionArgument]
    public SessionReference? Session { get; set; }

    /// <summary>The ring's configuration file, instead of a cluster.</summary>
    [Parameter]
    public string? ConfigurationPath { get; set; }

    /// <summary>A server of the ring as host or host:controlport, instead of a cluster.</summary>
    [Parameter]
    public string[]? Server { get; set; }

    /// <summary>How the ring is reached, as for Connect-K2hdkcCluster; Auto when not given.</summary>
    [Parameter]
    public K2hdkcTransport Transport { get; set; } = K2hdkcTransport.Auto;
}
