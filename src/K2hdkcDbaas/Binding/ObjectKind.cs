namespace K2hdkcDbaas.Binding;

/// <summary>What an object is that a user gives or pipes to a command.</summary>
public enum ObjectKind
{
    /// <summary>None of the kinds below.</summary>
    Other,

    /// <summary>Text: a name, an id or a pattern.</summary>
    Text,

    /// <summary>A session.</summary>
    Session,

    /// <summary>An open connection to a ring's data.</summary>
    Connection,

    /// <summary>A cluster.</summary>
    Cluster,

    /// <summary>A cluster's configuration.</summary>
    ClusterConfiguration,

    /// <summary>A server node of a cluster.</summary>
    Node,

    /// <summary>A slave node of a cluster.</summary>
    Slave,

    /// <summary>A node as its control port describes it.</summary>
    NodeStatus,

    /// <summary>A server of a ring as its data clients see it.</summary>
    ServerStatus,

    /// <summary>A backup.</summary>
    Backup,

    /// <summary>A thing that a command has removed.</summary>
    RemovedItem,

    /// <summary>A configuration group.</summary>
    ConfigurationGroup,

    /// <summary>A setting of configuration groups.</summary>
    ConfigurationParameter,

    /// <summary>An image.</summary>
    Image,

    /// <summary>A flavor.</summary>
    Flavor,

    /// <summary>A network.</summary>
    Network,

    /// <summary>A key pair.</summary>
    KeyPair,

    /// <summary>A security group.</summary>
    SecurityGroup,

    /// <summary>A datastore.</summary>
    Datastore,

    /// <summary>A quota.</summary>
    Quota,

    /// <summary>A key with its value.</summary>
    Key,

    /// <summary>An item of a queue.</summary>
    QueueItem,

    /// <summary>A sandbox.</summary>
    Sandbox,

    /// <summary>A K2HR3 resource.</summary>
    Resource,

    /// <summary>A K2HR3 policy.</summary>
    Policy,

    /// <summary>A K2HR3 role.</summary>
    Role,

    /// <summary>A host of a K2HR3 role.</summary>
    RoleHost,

    /// <summary>A K2HR3 role token.</summary>
    RoleToken,

    /// <summary>User data for a host of a K2HR3 role.</summary>
    UserData,

    /// <summary>A K2HR3 service.</summary>
    Service,

    /// <summary>A K2HR3 tenant.</summary>
    Tenant,

    /// <summary>A K2HR3 system in Kubernetes.</summary>
    K2hr3Deployment,
}
