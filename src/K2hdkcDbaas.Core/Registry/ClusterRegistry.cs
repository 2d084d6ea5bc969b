using System.Text.Json;
using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Core.Registry;

/// <summary>
/// A cluster's part in K2HR3: resources, policy, roles, hosts, role tokens; names and keys as <c>k2hdkc_dbaas_cli</c> makes them. K2HR3
/// keeps in each parent a list of its children, read and written back without a lock: so one tree's writes go one after another, and only
/// different trees at the same time. The policy counts references to resources: it comes after them, and goes before them.
/// </summary>
internal sealed class ClusterRegistry(K2hr3Access access, TimeProvider time)
{
    private const string NameKey = "cluster-name";
    private const string ServerPortKey = "chmpx-server-port";
    private const string ServerControlKey = "chmpx-server-ctlport";
    private const string SlaveControlKey = "chmpx-slave-ctlport";
    private const string RunUserKey = "k2hdkc-dbaas-proc-user";
    private const string CreateUserKey = "k2hdkc-dbaas-add-user";
    private const string BackendKey = "k2hdkc-dbaas-backend";

    // Whose the cluster is while it is made: K2HR3 cannot make a thing only if it is not there, so each run leaves its mark, and who wrote
    // last has it. It stays: no template and no tool looks at it.
    private const string RunKey = "k2hdkc-dbaas-run";

    /// <summary>The mark of the engine that leaves none.</summary>
    public const string Unmarked = "";

    /// <summary>The tenant: the project's name in lower case.</summary>
    public Task<string> TenantAsync(CancellationToken cancellationToken) => access.TenantAsync(cancellationToken);

    /// <summary>Whether a resource is that of a K2HDKC cluster.</summary>
    public static bool IsCluster(Resource resource) => resource.Keys?.ContainsKey(NameKey) == true;

    /// <summary>The cluster's name as it was given, before K2HR3 made it lower-case; null when the resource is no cluster's.</summary>
    public static string? GivenName(Resource? resource) => resource?.Key(NameKey);

    /// <summary>
    /// The mark of the engine that runs the cluster's servers; <see cref="Unmarked"/> where none is left, as by <c>k2hdkc_dbaas_cli</c>.
    /// Null when the resource is no cluster's.
    /// </summary>
    public static string? OwnerOf(Resource? resource) =>
        resource is not null && IsCluster(resource) ? resource.Key(BackendKey) ?? Unmarked : null;

    /// <summary>Whether a resource is that of a cluster that another engine runs than the one with this mark.</summary>
    public static bool IsOthers(Resource? resource, string mark) => OwnerOf(resource) is { } owner && owner != mark;

    /// <summary>The ports that a cluster's resource names; the defaults where it names none.</summary>
    public static ClusterPorts PortsOf(Resource? resource)
    {
        var defaults = new ClusterPorts();
        int Port(string key, int missing) => int.TryParse(resource?.Key(key), out var port) && port is > 0 and < 65536 ? port : missing;
        return new ClusterPorts
        {
            Server = Port(ServerPortKey, defaults.Server),
            ServerControl = Port(ServerControlKey, defaults.ServerControl),
            SlaveControl = Port(SlaveControlKey, defaults.SlaveControl),
        };
    }

    /// <summary>Adds to a cluster what its resource says.</summary>
    public static Cluster Describe(Resource? resource, Cluster cluster) => cluster with
    {
        Ports = PortsOf(resource),
        RunUser = resource?.Key(RunUserKey) is { Length: > 0 } user ? user : null,
        CreateUser = resource?.Key(CreateUserKey) is "1" or "true",
    };

    /// <summary>The cluster's own resource, as stored; null when there is none.</summary>
    public async Task<Resource?> ResourceAsync(string cluster, CancellationToken cancellationToken)
    {
        var k2hr3 = await access.ClientAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await k2hr3.Resources.GetAsync(cluster, expand: false, cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException e) when (e.Kind == ErrorKind.NotFound)
        {
            return null;
        }
    }

    /// <summary>All names of the tenant.</summary>
    public async Task<TenantTrees> TreesAsync(CancellationToken cancellationToken)
    {
        var k2hr3 = await access.ClientAsync(cancellationToken).ConfigureAwait(false);
        var resources = k2hr3.Lists.GetAsync(ListKind.Resource, null, deep: true, cancellationToken);
        var roles = k2hr3.Lists.GetAsync(ListKind.Role, null, deep: true, cancellationToken);
        var policies = k2hr3.Lists.GetAsync(ListKind.Policy, null, deep: true, cancellationToken);
        await Together.AllAsync(resources, roles, policies).ConfigureAwait(false);
        return new TenantTrees(await resources.ConfigureAwait(false), await roles.ConfigureAwait(false),
            await policies.ConfigureAwait(false));
    }

    /// <summary>Of what bears a cluster's name, the parts that are the cluster's.</summary>
    public async Task<ClusterParts> OwnPartsAsync(string cluster, TenantTrees trees, Resource? resource,
        CancellationToken cancellationToken)
    {
        var k2hr3 = await access.ClientAsync(cancellationToken).ConfigureAwait(false);
        var tenant = await TenantAsync(cancellationToken).ConfigureAwait(false);
        return await new ClusterEvidence(k2hr3, tenant, cluster).OwnAsync(trees, resource, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What is there of a cluster to be made; nothing, mostly, which three requests at the same time tell.</summary>
    /// <exception cref="DbaasException"><c>NameTaken</c>: something of the name is not a cluster's, or is another kind of
    /// cluster's.</exception>
    public async Task<ClusterParts> ProbeAsync(string cluster, string mark, CancellationToken cancellationToken)
    {
        var k2hr3 = await access.ClientAsync(cancellationToken).ConfigureAwait(false);
        var own = ResourceAsync(cluster, cancellationToken);
        var roles = k2hr3.Lists.GetAsync(ListKind.Role, null, deep: true, cancellationToken);
        var policies = k2hr3.Lists.GetAsync(ListKind.Policy, null, deep: true, cancellationToken);
        await Together.AllAsync(own, roles, policies).ConfigureAwait(false);
        var resource = await own.ConfigureAwait(false);
        var named = (await roles.ConfigureAwait(false)).Concat(await policies.ConfigureAwait(false)).Any(t => t.Name == cluster);
        if (resource is null && !named) return ClusterParts.None;

        var resources = await k2hr3.Lists.GetAsync(ListKind.Resource, null, deep: true, cancellationToken).ConfigureAwait(false);
        var trees = new TenantTrees(resources, await roles.ConfigureAwait(false), await policies.ConfigureAwait(false));
        var parts = await OwnPartsAsync(cluster, trees, resource, cancellationToken).ConfigureAwait(false);
        var all = trees.Parts(cluster);
        var foreign = resource is not null && !parts.Resource && !ClusterEvidence.IsEmpty(resource)
            ? "resource"
            : all.Policy && !parts.Policy ? "policy" : all.Role && !parts.Role ? "role" : null;
        if (foreign is not null) throw Taken(cluster, $"K2HR3 has a {foreign} '{cluster}' that is not a K2HDKC cluster's");
        if (IsOthers(parts.Stored, mark))
            throw Taken(cluster,
                $"K2HR3 has a cluster '{cluster}' that another back end "
                    + $"runs{(OwnerOf(parts.Stored) is { Length: > 0 } owner ? $" ({owner})" : "")}");
        return parts;
    }

    /// <summary>Makes what is missing. Of two runs at the same time one goes on, and the other fails and leaves all to it.</summary>
    /// <param name="run">The flow that remembers it.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="request">The cluster.</param>
    /// <param name="have">What is there.</param>
    /// <param name="owner">The mark of the engine that runs the servers.</param>
    /// <param name="contents">What its nodes read; null for guests of a cloud.</param>
    /// <exception cref="DbaasException"><c>ClusterExists</c>: another run makes the same cluster.</exception>
    public async Task CreateAsync(FlowRun run, string tenant, NewCluster request, ClusterParts have, string owner = Unmarked,
        ClusterContents? contents = null)
    {
        if (!ClusterTemplate.CanName(tenant))
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.TenantUnusable,
                $"The tenant's name '{tenant}' cannot be used in a K2HR3 template, so a cluster in it would never see its nodes.",
                "Use a project whose name has no blanks, quotes, braces, ';' or '%'.")
            { Target = tenant };
        var k2hr3 = await access.ClientAsync(run.Token).ConfigureAwait(false);
        var name = request.Name;
        contents ??= new ClusterContents(ClusterTemplate.Text(tenant, name, time.GetUtcNow()), RoleKeys);
        var mark = ResourceChange.Value(Guid.NewGuid().ToString("N"));
        async Task<bool> IsOthersAsync(CancellationToken ct) =>
            await ResourceAsync(name, ct).ConfigureAwait(false) is { } now && now.Key(RunKey) != mark.GetString();
        async Task UndoAsync(Task<bool> isOthers, Func<Task> delete)
        {
            if (await isOthers.ConfigureAwait(false))
                throw new DbaasException(ErrorKind.Conflict, ErrorIds.ClusterExists,
                    $"Cluster '{name}' in K2HR3 now belongs to another run, and was left alone.");
            await delete().ConfigureAwait(false);
        }

        Task SaveResourceAsync(bool there, string which, ResourceChange change) => there ? Task.CompletedTask : run.MakeAsync(
            new FlowItem("resource", which), ct => k2hr3.Resources.SaveAsync(which, change, ct),
            ct => UndoAsync(IsOthersAsync(ct), () => k2hr3.Resources.DeleteAsync(which, ct)));
        Task SaveRoleAsync(bool there, string which, IReadOnlyList<string> policies) => there ? Task.CompletedTask : run.MakeAsync(
            new FlowItem("role", which), ct => k2hr3.Roles.SaveAsync(which, policies, null, ct),
            ct => UndoAsync(IsOthersAsync(ct), () => k2hr3.Roles.DeleteAsync(which, ct)));
        // The children take text and keys from their parent; but without any text K2HR3 takes them for not there.
        async Task ResourcesAsync()
        {
            await SaveResourceAsync(have.Stored is not null,
                name, new ResourceChange
                {
                    Text = contents.Text,
                    Keys = new Dictionary<string, JsonElement>(Keys(request, owner)) { [RunKey] = mark }
                }).ConfigureAwait(false);
            await SaveResourceAsync(have.ServerResource, ClusterNames.Child(name, NodeRole.Server),
                new ResourceChange { Text = "", Keys = contents.RoleKeys(NodeRole.Server) }).ConfigureAwait(false);
            await SaveResourceAsync(have.SlaveResource, ClusterNames.Child(name, NodeRole.Slave),
                new ResourceChange { Text = "", Keys = contents.RoleKeys(NodeRole.Slave) }).ConfigureAwait(false);
            if (have.Policy) return;
            var policy = new Policy
            {
                Name = name,
                Effect = "allow",
                Actions = [Yrn.Read],
                Resources = [Yrn.Resource(tenant, ClusterNames.Child(name, NodeRole.Server)),
                    Yrn.Resource(tenant, ClusterNames.Child(name, NodeRole.Slave))],
            };
            await run.MakeAsync(new FlowItem("policy", name), ct => k2hr3.Policies.SaveAsync(policy, ct),
                ct => UndoAsync(IsOthersAsync(ct), () => k2hr3.Policies.DeleteAsync(name, ct))).ConfigureAwait(false);
        }
        async Task RolesAsync()
        {
            await SaveRoleAsync(have.Role, name, [Yrn.Policy(tenant, name)]).ConfigureAwait(false);
            await SaveRoleAsync(have.ServerRole, ClusterNames.Child(name, NodeRole.Server), []).ConfigureAwait(false);
            await SaveRoleAsync(have.SlaveRole, ClusterNames.Child(name, NodeRole.Slave), []).ConfigureAwait(false);
        }
        // What is there in part may be another run's that is at work: it will see that it has lost it.
        if (have.Stored?.Keys is { } stored)
            await k2hr3.Resources.SaveAsync(name,
                new ResourceChange { Keys = new Dictionary<string, JsonElement>(stored) { [RunKey] = mark } },
                run.Token).ConfigureAwait(false);
        await Together.AllAsync(ResourcesAsync(), RolesAsync()).ConfigureAwait(false);
        if (await ResourceAsync(name, run.Token).ConfigureAwait(false) is not { } made)
            throw new DbaasException(ErrorKind.Conflict, ErrorIds.ClusterIncomplete,
                $"Cluster '{name}' was removed by someone else while it was made.", "Run the command again.")
            { Target = name };
        if (made.Key(RunKey) == mark.GetString()) return;
        run.LeaveToOthers(i => i.Kind is "resource" or "role" or "policy");
        throw new DbaasException(ErrorKind.AlreadyExists, ErrorIds.ClusterExists,
            $"Another run makes cluster '{name}' at the same time, and goes on with it; this one has left it to that.",
            "Get-K2hdkcCluster shows it when it is made; if the other run fails, run this again.")
        { Target = name };
    }

    /// <summary>
    /// Removes what is there: roles with their hosts and tokens, then the policy, last the resources, so that a removal that breaks off is
    /// found again.
    /// </summary>
    public async Task RemoveAsync(RemovalRun run, string cluster, ClusterParts parts, CancellationToken cancellationToken)
    {
        var k2hr3 = await access.ClientAsync(cancellationToken).ConfigureAwait(false);
        (bool There, string Kind, string Name, Func<string, CancellationToken, Task> Delete)[] all =
        [
            (parts.SlaveRole, "role", ClusterNames.Child(cluster, NodeRole.Slave), k2hr3.Roles.DeleteAsync),
            (parts.ServerRole, "role", ClusterNames.Child(cluster, NodeRole.Server), k2hr3.Roles.DeleteAsync),
            (parts.Role, "role", cluster, k2hr3.Roles.DeleteAsync),
            (parts.Policy, "policy", cluster, k2hr3.Policies.DeleteAsync),
            (parts.SlaveResource, "resource", ClusterNames.Child(cluster, NodeRole.Slave), k2hr3.Resources.DeleteAsync),
            (parts.ServerResource, "resource", ClusterNames.Child(cluster, NodeRole.Server), k2hr3.Resources.DeleteAsync),
            (parts.Resource, "resource", cluster, k2hr3.Resources.DeleteAsync),
        ];
        foreach (var part in all.Where(p => p.There))
            await run.RemoveAsync(new FlowItem(part.Kind, part.Name),
                () => part.Delete(part.Name, cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>The hosts of a role.</summary>
    public async Task<IReadOnlyList<RoleHost>> HostsAsync(string cluster, NodeRole role, CancellationToken cancellationToken)
    {
        var k2hr3 = await access.ClientAsync(cancellationToken).ConfigureAwait(false);
        return (await k2hr3.Roles.GetAsync(ClusterNames.Child(cluster, role), cancellationToken).ConfigureAwait(false)).Hosts;
    }

    /// <summary>The hosts of one role or both.</summary>
    public async Task<IReadOnlyDictionary<NodeRole, IReadOnlyList<RoleHost>>> AllHostsAsync(string cluster, NodeRole? role,
        CancellationToken cancellationToken)
    {
        var reads = Enum.GetValues<NodeRole>().Where(r => role is null || r == role)
            .ToDictionary(r => r, r => HostsAsync(cluster, r, cancellationToken));
        await Together.AllAsync([.. reads.Values]).ConfigureAwait(false);
        return reads.ToDictionary(r => r.Key, r => r.Value.Result);
    }

    /// <summary>
    /// Of the hosts of roles that bear a cluster's name, those that are its nodes: none when the roles are not a cluster's.
    /// </summary>
    public async Task<IReadOnlyDictionary<NodeRole, IReadOnlyList<RoleHost>>> OwnHostsAsync(
        string cluster, Resource? resource, IReadOnlyDictionary<NodeRole, IReadOnlyList<RoleHost>> hosts,
        CancellationToken cancellationToken)
    {
        if ((resource is not null && IsCluster(resource)) || hosts.Values.All(h => h.Count == 0)) return hosts;
        var parts = await OwnPartsAsync(cluster, await TreesAsync(cancellationToken).ConfigureAwait(false), resource,
            cancellationToken).ConfigureAwait(false);
        return parts.Role ? hosts : new Dictionary<NodeRole, IReadOnlyList<RoleHost>>();
    }

    /// <summary>Puts lines into a role.</summary>
    public async Task AddHostsAsync(string cluster, NodeRole role, IReadOnlyList<RoleHost> lines, CancellationToken cancellationToken)
    {
        var k2hr3 = await access.ClientAsync(cancellationToken).ConfigureAwait(false);
        await k2hr3.Roles.AddHostsAsync(ClusterNames.Child(cluster, role), lines, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes one line out of a role.</summary>
    public async Task RemoveHostAsync(string cluster, NodeRole role, RoleHost line, CancellationToken cancellationToken)
    {
        var k2hr3 = await access.ClientAsync(cancellationToken).ConfigureAwait(false);
        await k2hr3.Roles.RemoveHostAsync(ClusterNames.Child(cluster, role), line, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The user data for nodes of a role, from the role token that ends last or a new one. A secret.</summary>
    public async Task<string> UserDataAsync(FlowRun run, string cluster, NodeRole role, bool fresh)
    {
        var k2hr3 = await access.ClientAsync(run.Token).ConfigureAwait(false);
        return k2hr3.UserData.IncludeOf(await RoleTokenAsync(run, cluster, role, fresh).ConfigureAwait(false));
    }

    /// <summary>The role token that ends last, or a new one.</summary>
    public async Task<RoleToken> RoleTokenAsync(FlowRun run, string cluster, NodeRole role, bool fresh)
    {
        var k2hr3 = await access.ClientAsync(run.Token).ConfigureAwait(false);
        var name = ClusterNames.Child(cluster, role);
        try
        {
            var token = fresh
                ? null
                : (await k2hr3.RoleTokens.ListAsync(name, run.Token).ConfigureAwait(false))
                    .FirstOrDefault(t => t.Expires is null || t.Expires > time.GetUtcNow().AddMinutes(10));
            token ??= await run.MakeAsync(new FlowItem("role token", $"of {name}"), ct => k2hr3.RoleTokens.IssueAsync(name, null, ct), null,
                (made, ct) => made is null ? Task.CompletedTask : k2hr3.RoleTokens.DeleteAsync(made.Value, ct)).ConfigureAwait(false);
            return token;
        }
        catch (DbaasException e) when (e.Kind == ErrorKind.NotFound)
        {
            throw new DbaasException(ErrorKind.Conflict, ErrorIds.ClusterIncomplete,
                $"Cluster '{cluster}' has no role {name} in K2HR3, so no node could register.",
                "The same New-K2hdkcCluster, without nodes, makes what is missing.", e)
            { Service = e.Service, RequestId = e.RequestId, Target = cluster };
        }
    }

    /// <summary>A cluster's configuration; null when there is none.</summary>
    public async Task<ClusterConfiguration?> ConfigurationAsync(string cluster, NodeRole? role, bool expanded,
        CancellationToken cancellationToken)
    {
        var k2hr3 = await access.ClientAsync(cancellationToken).ConfigureAwait(false);
        var name = role is { } r ? ClusterNames.Child(cluster, r) : cluster;
        try
        {
            var own = k2hr3.Resources.GetAsync(name, expanded, cancellationToken);
            // A role's resource has no text of its own: the template stands in its parent.
            var parent = role is not null && !expanded ? k2hr3.Resources.GetAsync(cluster, expand: false, cancellationToken) : own;
            await Together.AllAsync(own, parent).ConfigureAwait(false);
            var (resource, above) = (await own.ConfigureAwait(false), await parent.ConfigureAwait(false));
            var keys = new Dictionary<string, object?>();
            foreach (var (key, value) in (above.Keys ?? new Dictionary<string, JsonElement>())
                .Concat(resource.Keys ?? new Dictionary<string, JsonElement>())) keys[key] = JsonValue.Plain(value);
            var text = ReferenceEquals(resource, above) ? resource.Text : above.Text + resource.Text;
            return new ClusterConfiguration { Cluster = cluster, Role = role, Expanded = expanded, Text = text ?? "", Keys = keys };
        }
        catch (DbaasException e) when (e.Kind == ErrorKind.NotFound)
        {
            // K2HR3 says 404 to a template that it cannot expand as well.
            if (expanded && await ResourceAsync(name, cancellationToken).ConfigureAwait(false) is not null) throw;
            return null;
        }
    }

    private static DbaasException Taken(string cluster, string by) =>
        new(ErrorKind.AlreadyExists, ErrorIds.NameTaken, $"{by}; nothing was changed.", "Choose another name.") { Target = cluster };

    private static Dictionary<string, JsonElement> Keys(NewCluster request, string owner)
    {
        var keys = new Dictionary<string, JsonElement>
        {
            [NameKey] = ResourceChange.Value(request.Name),
            [ServerPortKey] = ResourceChange.Value(request.Ports.Server),
            [ServerControlKey] = ResourceChange.Value(request.Ports.ServerControl),
            [SlaveControlKey] = ResourceChange.Value(request.Ports.SlaveControl),
        };
        if (request.RunUser is { } user) keys[RunUserKey] = ResourceChange.Value(user);
        if (request.CreateUser) keys[CreateUserKey] = ResourceChange.Value(1);
        if (owner != Unmarked) keys[BackendKey] = ResourceChange.Value(owner);
        return keys;
    }

    private static Dictionary<string, JsonElement> RoleKeys(NodeRole role)
    {
        var server = role == NodeRole.Server;
        return new Dictionary<string, JsonElement>
        {
            ["chmpx-mode"] = ResourceChange.Value(server ? "SERVER" : "SLAVE"),
            ["k2hr3-init-packages"] = ResourceChange.Value(""),
            ["k2hr3-init-packagecloud-packages"] =
                ResourceChange.Value("k2hdkc-dbaas-override-conf,k2hr3-get-resource,chmpx" + (server ? ",k2hdkc" : "")),
            ["k2hr3-init-systemd-packages"] =
                ResourceChange.Value("chmpx.service," + (server ? "k2hdkc.service," : "") + "k2hr3-get-resource.timer"),
        };
    }
}
