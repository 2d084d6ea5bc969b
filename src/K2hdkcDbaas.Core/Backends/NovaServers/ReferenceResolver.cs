using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Glance;
using K2hdkcDbaas.OpenStack.Nova;

namespace K2hdkcDbaas.Core.Backends.NovaServers;

/// <summary>Finds what a template refers to. An id costs nothing: Nova looks itself, and says what it does not know.</summary>
internal sealed class ReferenceResolver(OpenStackConnection cloud)
{
    public async Task<string?> ImageAsync(Reference? image, CancellationToken cancellationToken)
    {
        if (image is null || image.IsId) return image?.Text;
        var found = await cloud.Image.ListAsync(new ImageFilter { Name = image.Text }, cancellationToken)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        // Of namesakes those that cannot boot do not count.
        return One("image", "ImageNotFound", "Get-K2hdkcImage",
            image, found.Count > 1 ? [.. found.Where(i => i.Status == "active")] : found, i => i.Id);
    }

    public async Task<string> FlavorAsync(Reference flavor, CancellationToken cancellationToken)
    {
        if (flavor.IsId) return flavor.Text;
        var all = await cloud.Compute.Flavors.ListAsync(cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        return all.FirstOrDefault(f => f.Id == flavor.Text)?.Id
            ?? One("flavor", "FlavorNotFound", "Get-K2hdkcFlavor", flavor, [.. all.Where(f => f.Name == flavor.Text)], f => f.Id);
    }

    public async Task<string?> KeyPairAsync(Reference? keyPair, CancellationToken cancellationToken)
    {
        if (keyPair is null || keyPair.IsId) return keyPair?.Text;
        try
        {
            return (await cloud.Compute.KeyPairs.GetAsync(keyPair.Text, cancellationToken).ConfigureAwait(false)).Name;
        }
        catch (ServiceException e) when (e.Kind == ErrorKind.NotFound)
        {
            throw Missing("key pair", "KeyPairNotFound", "Get-K2hdkcKeyPair", keyPair);
        }
    }

    /// <summary>The networks, or without any the one that the project can use.</summary>
    public async Task<IReadOnlyList<ServerNetwork>> NetworksAsync(IReadOnlyList<Reference> networks, CancellationToken cancellationToken)
    {
        if (networks.Count > 0 && networks.All(n => n.IsId)) return [.. networks.Select(n => new ServerNetwork { NetworkId = n.Text })];
        var all = await cloud.Network.Networks.ListAsync(null, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        // Administrators see the networks of all projects.
        var project = (await cloud.AuthenticateAsync(cancellationToken).ConfigureAwait(false)).ProjectId;
        var own = all.Where(n => n.Shared || n.ProjectId is null || project is null || n.ProjectId == project).ToList();
        if (networks.Count > 0)
        {
            List<OpenStack.Neutron.Network> Named(string name) =>
                [.. (own.Any(a => a.Name == name) ? own : all).Where(a => a.Name == name)];
            return [.. networks.Select(
                n => new ServerNetwork { NetworkId =
                    n.IsId ? n.Text : One("network", "NetworkNotFound", "Get-K2hdkcNetwork", n, Named(n.Text), a => a.Id) })];
        }
        var usable = own.Where(n => n is { IsExternal: false, AdminStateUp: true, Subnets.Count: > 0 }).ToList();
        return usable switch
        {
            [var only] => [new ServerNetwork { NetworkId = only.Id }],
            [] => throw new DbaasException(ErrorKind.NotFound, ErrorIds.NetworkMissing,
                "The project has no network with a subnet that a node could be put on.",
                "Create a network, or name an external or shared one with -Network."),
            _ => throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.NetworkAmbiguous,
                $"The project can use {usable.Count} networks ({string.Join(", ", usable.Select(n => $"{n.Name}: {n.Id}"))}), and none was "
                    + $"chosen.", "Choose with -Network."),
        };
    }

    /// <summary>Security groups as Nova takes them: by name, or by id where the name is not unique.</summary>
    public async Task<IReadOnlyList<string>> SecurityGroupsAsync(IReadOnlyList<Reference> groups, CancellationToken cancellationToken)
    {
        if (groups.All(g => g.IsId)) return [.. groups.Select(g => g.Text)];
        var project = (await cloud.AuthenticateAsync(cancellationToken).ConfigureAwait(false)).ProjectId;
        var all = await cloud.Network.SecurityGroups.ListAsync(null, cancellationToken)
            .Where(g => g.ProjectId is null || project is null || g.ProjectId == project)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. groups.Select(
            g => g.IsId
                ? g.Text
                : One("security group", "SecurityGroupNotFound", "Get-K2hdkcSecurityGroup", g, [.. all.Where(a => a.Name == g.Text)],
                    a => a.Id))];
    }

    private static string One<T>(string kind, string errorId, string cmdlet, Reference wanted, List<T> found, Func<T, string> id) =>
        found switch
        {
            [var only] => id(only),
            [] => throw Missing(kind, errorId, cmdlet, wanted),
            _ => throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.ReferenceAmbiguous,
                $"{found.Count} {kind}s are named '{wanted}': {string.Join(", ", found.Select(id))}.",
                "Give the id instead of the name.")
            { Target = wanted.Text },
        };

    private static DbaasException Missing(string kind, string errorId, string cmdlet, Reference wanted) =>
        new(ErrorKind.NotFound, errorId, $"There is no {kind} named '{wanted}' that this project can use.",
            $"{cmdlet} lists what there is.")
        { Target = wanted.Text };
}
