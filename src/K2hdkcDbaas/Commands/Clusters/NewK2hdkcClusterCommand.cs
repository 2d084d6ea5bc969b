using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Makes a cluster, and with it its first nodes if wanted.</summary>
[Cmdlet(VerbsCommon.New, "K2hdkcCluster", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Cluster))]
public sealed class NewK2hdkcClusterCommand : NodeTemplateCmdlet
{
    /// <summary>The cluster's name: lower-case letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Cluster, NameOnly = true)]
    public string Name { get; set; } = null!;

    /// <summary>How many server nodes to boot, named NAME-server-1 and so on.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, 256)]
    public int ServerCount { get; set; }

    /// <summary>How many slave nodes to boot, named NAME-slave-1 and so on. With Trove they boot in Nova, from <c>-Image</c>, when the servers run.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, 1024)]
    public int SlaveCount { get; set; }

    /// <summary>The port of server nodes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 65535)]
    public int ServerPort { get; set; } = 8020;

    /// <summary>The control port of server nodes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 65535)]
    public int ServerControlPort { get; set; } = 8021;

    /// <summary>The control port of slave nodes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 65535)]
    public int SlaveControlPort { get; set; } = 8031;

    /// <summary>The user that runs chmpx and k2hdkc in the guests.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? RunUser { get; set; }

    /// <summary>Lets the guests create the run user when they boot.</summary>
    [Parameter]
    public SwitchParameter CreateUser { get; set; }

    /// <summary>Makes no security groups.</summary>
    [Parameter]
    public SwitchParameter NoSecurityGroup { get; set; }

    /// <summary>Trove: the datastore's version.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DatastoreVersionCompleter))]
    [ValidateNotNullOrEmpty]
    public string? DatastoreVersion { get; set; }

    /// <summary>Trove: the configuration group to use, by name or id.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ConfigurationGroupCompleter))]
    [ValidateNotNull]
    [ConfigurationGroupArgument]
    public ConfigurationGroupReference? ConfigurationGroup { get; set; }

    /// <summary>Trove: makes single instances that share the configuration group, rather than a cluster of Trove's own. Trove backs up only such nodes.</summary>
    [Parameter]
    public SwitchParameter NodeByNode { get; set; }

    /// <summary>Trove: whether nodes share a host or avoid it.</summary>
    [Parameter]
    [ValidateSet("affinity", "anti-affinity")]
    public string? Locality { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var nodes = ServerCount + SlaveCount;
        if (!ShouldProcess(Name, nodes == 0 ? "Create K2HDKC cluster" : $"Create K2HDKC cluster with {ServerCount} server and {SlaveCount} slave nodes")) return;
        var request = new NewCluster(Name)
        {
            Ports = new ClusterPorts { Server = ServerPort, ServerControl = ServerControlPort, SlaveControl = SlaveControlPort },
            RunUser = RunUser,
            CreateUser = CreateUser,
            NoSecurityGroup = NoSecurityGroup,
            ServerCount = ServerCount,
            SlaveCount = SlaveCount,
            Nodes = nodes == 0 ? null : Template(),
            DatastoreVersion = DatastoreVersion,
            ConfigurationGroup = ConfigurationGroup?.Reference,
            NodeByNode = NodeByNode,
            Locality = Locality,
        };
        var backend = BackendOf(null);
        // The slaves of any cluster are Nova servers.
        if (backend.Name != "Trove" || SlaveCount == 0) WarnOfUnused(backend.Name);
        if (TryRun(Name, (output, token) => backend.CreateClusterAsync(request, Flow(output, keepPartial: KeepPartial), token), out var cluster))
            WriteObject(cluster);
    }
}
