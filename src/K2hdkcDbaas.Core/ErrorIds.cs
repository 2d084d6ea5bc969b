namespace K2hdkcDbaas.Core;

/// <summary>
/// The stable names of the errors that flows and sessions raise themselves; those of a service's refusal come from its client.
/// </summary>
public static class ErrorIds
{
    /// <summary>A new cluster's name breaks the rules.</summary>
    public const string InvalidClusterName = nameof(InvalidClusterName);

    /// <summary>A new node's name breaks the rules.</summary>
    public const string InvalidNodeName = nameof(InvalidNodeName);

    /// <summary>A value of a request breaks the rules (ports, counts, missing image or flavor).</summary>
    public const string InvalidRequest = nameof(InvalidRequest);

    /// <summary>The cluster to be made exists and is whole.</summary>
    public const string ClusterExists = nameof(ClusterExists);

    /// <summary>Something that is no K2HDKC cluster has the name in K2HR3.</summary>
    public const string NameTaken = nameof(NameTaken);

    /// <summary>No cluster bears the name.</summary>
    public const string ClusterNotFound = nameof(ClusterNotFound);

    /// <summary>K2HR3 does not know the Trove cluster, so it has no configuration for slaves.</summary>
    public const string ClusterNotRegistered = nameof(ClusterNotRegistered);

    /// <summary>The namespace has a K2HR3 system already.</summary>
    public const string K2hr3DeploymentExists = nameof(K2hr3DeploymentExists);

    /// <summary>There is no K2HR3 system of that name.</summary>
    public const string K2hr3DeploymentNotFound = nameof(K2hr3DeploymentNotFound);

    /// <summary>Clusters use the K2HR3 system.</summary>
    public const string K2hr3DeploymentInUse = nameof(K2hr3DeploymentInUse);

    /// <summary>Not all pods of the K2HR3 system are ready in time.</summary>
    public const string K2hr3DeploymentWaitTimeout = nameof(K2hr3DeploymentWaitTimeout);

    /// <summary>The cluster lacks something that the action needs.</summary>
    public const string ClusterIncomplete = nameof(ClusterIncomplete);

    /// <summary>No node of the cluster is meant by the given name.</summary>
    public const string NodeNotFound = nameof(NodeNotFound);

    /// <summary>Several nodes of the cluster are meant by the given name.</summary>
    public const string NodeAmbiguous = nameof(NodeAmbiguous);

    /// <summary>A node of that name exists.</summary>
    public const string NodeExists = nameof(NodeExists);

    /// <summary>A named image, flavor, network, key pair or security group does not exist.</summary>
    public const string ReferenceNotFound = nameof(ReferenceNotFound);

    /// <summary>Several things bear the name.</summary>
    public const string ReferenceAmbiguous = nameof(ReferenceAmbiguous);

    /// <summary>The project can use several networks, and none was chosen.</summary>
    public const string NetworkAmbiguous = nameof(NetworkAmbiguous);

    /// <summary>The project can use no network.</summary>
    public const string NetworkMissing = nameof(NetworkMissing);

    /// <summary>Servers have the cluster's security groups, and nothing else says whether they are its nodes.</summary>
    public const string NodesInDoubt = nameof(NodesInDoubt);

    /// <summary>A security group cannot be deleted, since something else uses it.</summary>
    public const string SecurityGroupInUse = nameof(SecurityGroupInUse);

    /// <summary>A node went to the status ERROR.</summary>
    public const string NodeFailed = nameof(NodeFailed);

    /// <summary>A pod that is not ready stands in the way of a change to others.</summary>
    public const string NodeNotReady = nameof(NodeNotReady);

    /// <summary>Nodes did not run or register in time.</summary>
    public const string NodeWaitTimeout = nameof(NodeWaitTimeout);

    /// <summary>Servers were not gone in time.</summary>
    public const string RemoveWaitTimeout = nameof(RemoveWaitTimeout);

    /// <summary>The tenant's name cannot be used in a K2HR3 template.</summary>
    public const string TenantUnusable = nameof(TenantUnusable);

    /// <summary>The session has no K2HR3 address.</summary>
    public const string K2hr3NotConfigured = nameof(K2hr3NotConfigured);

    /// <summary>The session's login cannot be used at K2HR3, and it was given none of its own.</summary>
    public const string K2hr3CredentialMissing = nameof(K2hr3CredentialMissing);

    /// <summary>The session has no cloud.</summary>
    public const string CloudNotConfigured = nameof(CloudNotConfigured);

    /// <summary>The session has been closed.</summary>
    public const string SessionClosed = nameof(SessionClosed);

    /// <summary>A settings file cannot be read.</summary>
    public const string SettingsUnreadable = nameof(SettingsUnreadable);

    /// <summary>The back end cannot do this at all.</summary>
    public const string BackendNotSupported = nameof(BackendNotSupported);

    /// <summary>Something failed that no rule expects.</summary>
    public const string UnexpectedFailure = nameof(UnexpectedFailure);

    /// <summary>Removing the node would lose data.</summary>
    public const string DataAtRisk = nameof(DataAtRisk);

    /// <summary>Another run is changing the ring.</summary>
    public const string RingChangeInProgress = nameof(RingChangeInProgress);

    /// <summary>A change of the ring broke off, and another one was asked for.</summary>
    public const string RingChangeUnfinished = nameof(RingChangeUnfinished);

    /// <summary>A server's merge does not end, also after it was broken off.</summary>
    public const string MergeStuck = nameof(MergeStuck);

    /// <summary>The ring did not settle in time.</summary>
    public const string MergeTimeout = nameof(MergeTimeout);

    /// <summary>No backup bears the name.</summary>
    public const string BackupNotFound = nameof(BackupNotFound);

    /// <summary>The backup is not whole, or is not one of a K2HDKC node.</summary>
    public const string BackupUnusable = nameof(BackupUnusable);

    /// <summary>The cluster has a set of backups of that name.</summary>
    public const string BackupSetExists = nameof(BackupSetExists);

    /// <summary>A set of backups lacks some of the cluster's server nodes.</summary>
    public const string BackupSetIncomplete = nameof(BackupSetIncomplete);

    /// <summary>No configuration group bears the name.</summary>
    public const string ConfigurationGroupNotFound = nameof(ConfigurationGroupNotFound);

    /// <summary>Nodes have the configuration group, so it cannot be removed or used for another cluster.</summary>
    public const string ConfigurationGroupInUse = nameof(ConfigurationGroupInUse);

    /// <summary>A configuration group's value is unknown or breaks the parameter's rules.</summary>
    public const string InvalidConfigurationValue = nameof(InvalidConfigurationValue);

    /// <summary>A Trove task did not end in time, or will never.</summary>
    public const string TaskStuck = nameof(TaskStuck);

    /// <summary>The cluster has no server node, so there is no ring to speak to.</summary>
    public const string ClusterHasNoServer = nameof(ClusterHasNoServer);

    /// <summary>This host cannot be registered as a slave of the cluster.</summary>
    public const string RegistrationFailed = nameof(RegistrationFailed);

    /// <summary>A text is no K2HR3 template, or fails when it is expanded; the message says where.</summary>
    public const string K2hr3TemplateInvalid = nameof(K2hr3TemplateInvalid);

    /// <summary>A full name is of another tenant, service or kind than is meant here.</summary>
    public const string K2hr3NameRefused = nameof(K2hr3NameRefused);

    /// <summary>A file is no K2HR3 configuration; the message says where.</summary>
    public const string K2hr3FileInvalid = nameof(K2hr3FileInvalid);

    /// <summary>An import into K2HR3 stopped half-way; the message says what was done.</summary>
    public const string K2hr3ImportIncomplete = nameof(K2hr3ImportIncomplete);

    /// <summary>K2HR3 keeps a resource or a policy that others name; the message says which.</summary>
    public const string K2hr3InUse = nameof(K2hr3InUse);

    /// <summary>A folder that would be written is there already.</summary>
    public const string FolderExists = nameof(FolderExists);

    /// <summary>A file or folder cannot be written.</summary>
    public const string FileNotWritten = nameof(FileNotWritten);
}
