using System.Globalization;
using System.Text.RegularExpressions;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Clusters;

/// <summary>
/// The names of all that makes up a cluster. They are those of <c>k2hdkc_dbaas_cli</c>, so that its clusters and ours are the same.
/// </summary>
public static partial class ClusterNames
{
    /// <summary>The greatest length of a new cluster's name; node names made from it stay within a host name's label.</summary>
    public const int MaxLength = 48;

    /// <summary>Metadata key of a Nova server: the cluster's name.</summary>
    public const string ClusterMetadata = "k2hdkc-cluster";

    /// <summary>Metadata key of a Nova server: <c>server</c> or <c>slave</c>.</summary>
    public const string RoleMetadata = "k2hdkc-role";

    /// <summary>Metadata key of a Nova server: one value per request, to find a server whose create was never answered.</summary>
    public const string RequestMetadata = "k2hdkc-request";

    /// <summary>The last part of a role's or resource's name, and the metadata's value.</summary>
    /// <param name="role">The role.</param>
    public static string Word(NodeRole role) => role == NodeRole.Server ? "server" : "slave";

    /// <summary>K2HR3's role or resource for nodes of a kind, such as <c>demo/server</c>.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="role">The role.</param>
    public static string Child(string cluster, NodeRole role) => $"{cluster}/{Word(role)}";

    /// <summary>Neutron's security group for nodes of a kind, such as <c>demo-k2hdkc-server-sec</c>.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="role">The role.</param>
    public static string SecurityGroup(string cluster, NodeRole role) => $"{cluster}-k2hdkc-{Word(role)}-sec";

    /// <summary>The name of a node that was not given one.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="role">The role.</param>
    /// <param name="number">Its number, from 1.</param>
    public static string Node(string cluster, NodeRole role, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{cluster}-{Word(role)}-{number}");

#pragma warning disable CA1308 // K2HR3's own normal form
    /// <summary>A name as K2HR3 keeps it: in lower case, whatever is asked.</summary>
    /// <param name="name">The name.</param>
    public static string Normal(string name) => name.ToLowerInvariant();
#pragma warning restore CA1308

    /// <summary>Checks the name of a cluster to be made.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="DbaasException"><c>InvalidClusterName</c>, with what to write instead.</exception>
    public static void CheckNew(string name)
    {
        if (name.Length <= MaxLength && Valid().IsMatch(name)) return;
        var lower = Normal(name);
        var nextStep = lower != name && lower.Length <= MaxLength && Valid().IsMatch(lower)
            ? $"K2HR3 keeps names in lower case, and a cluster with upper case in its name would never see its nodes: use '{lower}'."
            : $"Use 1 to {MaxLength} lower-case letters, digits, '-', '_' and '.', beginning with a letter or digit.";
        throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidClusterName, $"'{name}' is not a valid cluster name.",
            nextStep)
        { Target = name };
    }

    /// <summary>Checks that a node's name can be a host name, as Nova makes one of it.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="DbaasException"><c>InvalidNodeName</c>.</exception>
    public static void CheckNewNode(string name)
    {
        if (ValidNode().IsMatch(name)) return;
        throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidNodeName, $"'{name}' is not a valid node name.",
            "Use 1 to 63 letters, digits, '-' and '.', beginning and ending with a letter or digit.")
        { Target = name };
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9._-]*\z")]
    private static partial Regex Valid();

    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?\z")]
    private static partial Regex ValidNode();
}
