using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.OpenStack.Nova;

namespace K2hdkcDbaas.Core.Backends.NovaServers;

/// <summary>
/// A node with all that K2HR3 and Nova know of it: a role host may have several lines, or no server; a server may have no line.
/// </summary>
internal sealed record FoundNode(ClusterNode Node, IReadOnlyList<RoleHost> Lines, Server? Server)
{
    /// <summary>The names under which a person may mean it.</summary>
    public IEnumerable<string> Names
    {
        get
        {
            var names = new List<string?> { Node.Name, Node.Id, Node.Cuk, Node.Tag, FirstLabel(Node.Tag), Node.IPAddress, Server?.Name };
            names.AddRange(Lines.SelectMany(l => new[] { l.Host, l.Tag, FirstLabel(l.Tag) }));
            if (Server is not null) names.AddRange(Server.IPAddresses);
            return names.Where(n => !string.IsNullOrEmpty(n)).Select(n => n!).Distinct(StringComparer.OrdinalIgnoreCase);
        }
    }

    /// <summary>Whether nothing but a security group, which anyone may put on a server, says that it is a node.</summary>
    public bool IsInDoubt => Server is not null && !Node.Registered && !Server.Metadata.ContainsKey(ClusterNames.ClusterMetadata);

    public static string? FirstLabel(string? tag) => string.IsNullOrEmpty(tag) ? null : tag.Split('.')[0];
}

/// <summary>Puts together what K2HR3 and Nova know of a cluster's nodes.</summary>
internal static class NodeFinder
{
    /// <summary>The nodes: first the registered ones in K2HR3's order, then servers that are not registered.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="hosts">K2HR3's hosts by role.</param>
    /// <param name="servers">The project's servers; null when Nova was not asked.</param>
    public static IReadOnlyList<FoundNode> Merge(string cluster, IReadOnlyDictionary<NodeRole, IReadOnlyList<RoleHost>> hosts,
        IReadOnlyList<Server>? servers)
    {
        var novaAsked = servers is not null;
        // Nova lists a server for a moment after it has called it DELETED.
        servers = [.. (servers ?? []).Where(s => s.Status is not ("DELETED" or "SOFT_DELETED"))];
        var nodes = new List<FoundNode>();
        var taken = new HashSet<string>();
        foreach (var (role, lines) in hosts.OrderBy(h => h.Key))
        {
            // A server that came back with another address has left its old line: the lines of one cuk are one node.
            foreach (var group in lines.GroupBy(l => l.Cuk.Length > 0 ? l.Cuk : "\0" + l.Host))
            {
                var last = group.Last();
                var server = servers.FirstOrDefault(s => s.Id == last.Cuk)
                    ?? (last.Cuk.Length == 0 ? servers.FirstOrDefault(s => s.IPAddresses.Contains(last.Host)) : null);
                if (server is not null) taken.Add(server.Id);
                nodes.Add(new FoundNode(Registered(cluster, role, last, server, novaAsked), [.. group], server));
            }
        }
        foreach (var server in servers.Where(s => !taken.Contains(s.Id)))
        {
            if (RoleOf(cluster, server) is { } role) nodes.Add(new FoundNode(Unregistered(cluster, role, server), [], server));
        }
        return nodes;
    }

    /// <summary>
    /// The role of a server of this cluster, by our metadata or, for servers of other tools, by the cluster's security groups; null for
    /// others.
    /// </summary>
    public static NodeRole? RoleOf(string cluster, Server server)
    {
        if (server.Metadata.TryGetValue(ClusterNames.ClusterMetadata, out var of))
            return of != cluster
                ? null
                : server.Metadata.GetValueOrDefault(ClusterNames.RoleMetadata) == "slave" ? NodeRole.Slave : NodeRole.Server;
        foreach (var role in Enum.GetValues<NodeRole>())
        {
            if (Wears(cluster, role, server)) return role;
        }
        return null;
    }

    /// <summary>
    /// Whether a server has the cluster's security group for a role. The shell tool names it in the upper case that it is told.
    /// </summary>
    public static bool Wears(string cluster, NodeRole role, Server server) =>
        server.SecurityGroups?.Any(
            g => string.Equals(g.Name, ClusterNames.SecurityGroup(cluster, role), StringComparison.OrdinalIgnoreCase)) == true;

    /// <summary>Finds the one node that is meant.</summary>
    /// <exception cref="DbaasException"><c>NodeNotFound</c> or <c>NodeAmbiguous</c>.</exception>
    public static FoundNode One(string cluster, string name, IReadOnlyList<FoundNode> nodes)
    {
        // An id or cuk is never ambiguous, whatever else is called alike.
        var found = nodes.Where(n => n.Node.Id == name || n.Node.Cuk == name).ToList();
        if (found.Count == 0) found = [.. nodes.Where(n => n.Names.Contains(name, StringComparer.OrdinalIgnoreCase))];
        return found switch
        {
            [var only] => only,
            [] => throw new DbaasException(ErrorKind.NotFound, ErrorIds.NodeNotFound, $"Cluster '{cluster}' has no node '{name}'.",
                "Get-K2hdkcNode lists its nodes; a node is meant by name, id, tag or address.")
            { Target = name },
            _ => throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.NodeAmbiguous,
                $"'{name}' means {found.Count} nodes of cluster '{cluster}': "
                    + $"{string.Join(", ", found.Select(f => $"{f.Node.Name} ({f.Node.Id ?? f.Node.IPAddress})"))}.", "Give the id.")
            { Target = name },
        };
    }

    /// <summary>A node as Nova alone knows it.</summary>
    public static ClusterNode Unregistered(string cluster, NodeRole role, Server server) => new()
    {
        Cluster = cluster,
        Role = role,
        Name = server.Name,
        Id = server.Id,
        IPAddress = server.IPAddresses.FirstOrDefault(),
        Status = StatusOf(server),
        Fault = server.Fault?.Message,
        Flavor = server.FlavorId,
        Image = server.ImageId,
        Created = server.Created,
    };

    /// <summary>A node as K2HR3 and, if it was asked, Nova know it.</summary>
    public static ClusterNode Registered(string cluster, NodeRole role, RoleHost host, Server? server, bool novaAsked)
    {
        var isServerId = Guid.TryParse(host.Cuk, out _);
        return new ClusterNode
        {
            Cluster = cluster,
            Role = role,
            Name = server?.Name ?? FoundNode.FirstLabel(host.Tag) ?? host.Host,
            Id = server?.Id ?? (isServerId ? host.Cuk : null),
            Cuk = host.Cuk.Length == 0 ? null : host.Cuk,
            IPAddress = host.Host,
            Tag = host.Tag.Length == 0 ? null : host.Tag,
            // What registered itself without cloud-init is no server of Nova's, and nothing that is gone.
            Status = server is not null
                ? StatusOf(server)
                : !novaAsked ? null : isServerId && host.Extra == RoleHost.OpenStackAuto ? "GONE" : "EXTERNAL",
            Fault = server?.Fault?.Message,
            Registered = true,
            Flavor = server?.FlavorId,
            Image = server?.ImageId,
            Created = server?.Created,
        };
    }

    // Nova calls a server ACTIVE until it is quite gone, even while it deletes it.
    private static string StatusOf(Server server) => server.TaskState == "deleting" ? "DELETING" : server.Status;
}
