using System.Collections;
using System.Management.Automation;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Model;
using K2hdkcDbaas.Sessions;

namespace K2hdkcDbaas.Binding;

/// <summary>
/// An object that a user gives or pipes: the module's own, one that has come back from a job or a file (Export-Clixml keeps the type's
/// name, Export-Csv only the columns), or a row that the user has made.
/// </summary>
internal sealed class GivenObject
{
    private const string Deserialized = "Deserialized.";
    private const string Selected = "Selected.";

    private static readonly Dictionary<string, ObjectKind> Types = new Dictionary<Type, ObjectKind>
    {
        [typeof(K2hdkcSession)] = ObjectKind.Session,
        [typeof(K2hdkcConnection)] = ObjectKind.Connection,
        [typeof(Cluster)] = ObjectKind.Cluster,
        [typeof(ClusterConfiguration)] = ObjectKind.ClusterConfiguration,
        [typeof(ClusterNode)] = ObjectKind.Node,
        [typeof(K2hdkcNodeStatus)] = ObjectKind.NodeStatus,
        [typeof(K2hdkcServerStatus)] = ObjectKind.ServerStatus,
        [typeof(Backup)] = ObjectKind.Backup,
        [typeof(FlowItem)] = ObjectKind.RemovedItem,
        [typeof(ConfigurationGroup)] = ObjectKind.ConfigurationGroup,
        [typeof(ConfigurationParameter)] = ObjectKind.ConfigurationParameter,
        [typeof(Image)] = ObjectKind.Image,
        [typeof(Flavor)] = ObjectKind.Flavor,
        [typeof(Network)] = ObjectKind.Network,
        [typeof(KeyPair)] = ObjectKind.KeyPair,
        [typeof(SecurityGroup)] = ObjectKind.SecurityGroup,
        [typeof(Datastore)] = ObjectKind.Datastore,
        [typeof(Quota)] = ObjectKind.Quota,
        [typeof(K2hdkcKey)] = ObjectKind.Key,
        [typeof(K2hdkcSubkey)] = ObjectKind.Key,
        [typeof(K2hdkcKeyAttribute)] = ObjectKind.Key,
        [typeof(K2hdkcCounter)] = ObjectKind.Key,
        [typeof(K2hdkcQueueItem)] = ObjectKind.QueueItem,
        [typeof(K2hdkcSandbox)] = ObjectKind.Sandbox,
        [typeof(K2hr3Resource)] = ObjectKind.Resource,
        [typeof(K2hr3Policy)] = ObjectKind.Policy,
        [typeof(K2hr3Role)] = ObjectKind.Role,
        [typeof(K2hr3RoleHost)] = ObjectKind.RoleHost,
        [typeof(K2hr3RoleToken)] = ObjectKind.RoleToken,
        [typeof(K2hr3UserData)] = ObjectKind.UserData,
        [typeof(K2hr3Service)] = ObjectKind.Service,
        [typeof(K2hr3Tenant)] = ObjectKind.Tenant,
        [typeof(K2hr3Deployment)] = ObjectKind.K2hr3Deployment,
    }.ToDictionary(t => t.Key.FullName!, t => t.Value);

    // The columns that tell a row of a file apart; the first that fits counts.
    private static readonly (ObjectKind Kind, string[] Columns)[] Rows =
    [
        (ObjectKind.Backup, ["Id", "SetName", "Node", "Usable"]),
        (ObjectKind.Node, ["Cluster", "Role", "Name", "Registered"]),
        (ObjectKind.Cluster, ["Name", "Backend", "ServerCount", "SlaveCount"]),
        (ObjectKind.ClusterConfiguration, ["Cluster", "Role", "Expanded", "Text"]),
        (ObjectKind.NodeStatus, ["Name", "ControlAddress", "Answers"]),
        (ObjectKind.ServerStatus, ["Ring", "Name", "Slot", "HashVersion"]),
        (ObjectKind.Session, ["Name", "AuthUrl", "Authentication"]),
        (ObjectKind.Connection, ["Name", "Ring", "Transport", "ServerCount"]),
        (ObjectKind.ConfigurationGroup, ["Id", "Name", "Datastore", "InstanceCount"]),
        (ObjectKind.ConfigurationParameter, ["Name", "Type", "RestartRequired", "SystemOnly"]),
        (ObjectKind.Image, ["Id", "Name", "MinDisk", "MinRam"]),
        (ObjectKind.Flavor, ["Id", "Name", "VCpus", "Ram"]),
        (ObjectKind.Network, ["Id", "Name", "IsExternal", "Subnets"]),
        (ObjectKind.KeyPair, ["Name", "Fingerprint", "Type"]),
        (ObjectKind.SecurityGroup, ["Id", "Name", "Description", "Rules"]),
        (ObjectKind.Datastore, ["Id", "Name", "DefaultVersion", "Versions"]),
        (ObjectKind.Quota, ["Service", "Resource", "Limit", "InUse"]),
        (ObjectKind.QueueItem, ["Queue", "Key", "Value", "IsBareValue"]),
        (ObjectKind.Key, ["Key", "IsBare"]),
        (ObjectKind.Sandbox, ["Cloud", "CloudsFile", "ProcessId"]),
        (ObjectKind.Resource, ["Name", "Text", "Keys", "Aliases", "Expanded"]),
        (ObjectKind.Policy, ["Name", "Effect", "Actions", "Resources"]),
        (ObjectKind.Role, ["Name", "Policies", "Aliases", "Hosts"]),
        (ObjectKind.RoleHost, ["Role", "HostName", "Cuk", "InboundIp"]),
        (ObjectKind.RoleToken, ["Role", "Token", "Expires"]),
        (ObjectKind.UserData, ["Role", "Value", "Expires"]),
        (ObjectKind.Service, ["Name", "Verify", "Tenants"]),
        (ObjectKind.Tenant, ["Name", "DisplayName", "IsLocal"]),
        (ObjectKind.K2hr3Deployment, ["Name", "Namespace", "ManagedBy", "PodK2hr3Uri"]),
        (ObjectKind.RemovedItem, ["Kind", "Name", "Id"]),
    ];

    private readonly PSObject _object;

    private GivenObject(PSObject given, ObjectKind kind) => (_object, Kind) = (given, kind);

    /// <summary>What it is.</summary>
    public ObjectKind Kind { get; }

    /// <summary>The object itself.</summary>
    public object Value => _object.BaseObject;

    /// <summary>Whether it is an object with properties and no kind of the module's: a row that the user has made.</summary>
    public bool IsRow => Kind == ObjectKind.Other && _object.BaseObject is PSCustomObject or IDictionary;

    /// <summary>Its kind in words, for messages.</summary>
    public string Words => Kind == ObjectKind.Other
        ? $"an object of type {(_object.BaseObject is PSCustomObject ? "PSCustomObject" : _object.BaseObject.GetType().Name)}"
        : WordsOf(Kind);

    /// <summary>A kind in words, for messages.</summary>
    /// <param name="kind">The kind.</param>
    public static string WordsOf(ObjectKind kind) => kind switch
    {
        ObjectKind.Text => "text",
        ObjectKind.Node => "a server node",
        ObjectKind.Slave => "a slave node",
        ObjectKind.NodeStatus => "a node's status",
        ObjectKind.ServerStatus => "a server's status",
        ObjectKind.ClusterConfiguration => "a cluster's configuration",
        ObjectKind.ConfigurationGroup => "a configuration group",
        ObjectKind.ConfigurationParameter => "a configuration parameter",
        ObjectKind.KeyPair => "a key pair",
        ObjectKind.SecurityGroup => "a security group",
        ObjectKind.QueueItem => "an item of a queue",
        ObjectKind.RemovedItem => "what was removed",
        ObjectKind.RoleHost => "a host of a role",
        ObjectKind.RoleToken => "a role token",
        ObjectKind.UserData => "user data",
        ObjectKind.Image => "an image",
        ObjectKind.K2hr3Deployment => "a K2HR3 system",
        _ => "a " + kind.ToString().ToLowerInvariant(),
    };

    /// <summary>Looks at an object.</summary>
    /// <param name="input">The object, wrapped or not.</param>
    public static GivenObject Of(object input)
    {
        var given = PSObject.AsPSObject(input);
        if (given.BaseObject is string) return new GivenObject(given, ObjectKind.Text);
        foreach (var name in given.TypeNames)
        {
            var plain = Without(Without(name, Deserialized), Selected);
            if (!Types.TryGetValue(plain, out var kind)) continue;
            // Of a selection only what is left of it counts.
            if (name.StartsWith(Selected, StringComparison.Ordinal)
                && !HasAll(given, kind == ObjectKind.Node ? ["Cluster", "Name"] : ["Name"])) continue;
            return new GivenObject(given, kind == ObjectKind.Node && IsSlave(given) ? ObjectKind.Slave : kind);
        }

        if (given.BaseObject is not PSCustomObject) return new GivenObject(given, ObjectKind.Other);
        var row = Rows.FirstOrDefault(r => HasAll(given, r.Columns)).Kind;
        return new GivenObject(given, row == ObjectKind.Node && IsSlave(given) ? ObjectKind.Slave : row);
    }

    /// <summary>A property as text; null when there is none or it is empty.</summary>
    /// <param name="property">The property's name.</param>
    public string? Text(string property)
    {
        if (_object.BaseObject is IDictionary map)
            return map.Contains(property) && map[property]?.ToString() is { Length: > 0 } entry ? entry : null;
        return Property(property)?.ToString() is { Length: > 0 } text ? text : null;
    }

    /// <summary>A property; null when there is none.</summary>
    /// <param name="property">The property's name.</param>
    public object? Property(string property) => _object.Properties[property]?.Value;

    private static string Without(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;

    private static bool HasAll(PSObject given, string[] columns) => Array.TrueForAll(columns, c => given.Properties[c] is not null);

    private static bool IsSlave(PSObject given) =>
        string.Equals(given.Properties["Role"]?.Value?.ToString(), nameof(NodeRole.Slave), StringComparison.OrdinalIgnoreCase);
}
