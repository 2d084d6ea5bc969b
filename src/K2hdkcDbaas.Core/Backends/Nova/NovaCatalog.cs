using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Glance;
using Flavor = K2hdkcDbaas.Core.Model.Flavor;
using Image = K2hdkcDbaas.Core.Model.Image;
using KeyPair = K2hdkcDbaas.Core.Model.KeyPair;
using Network = K2hdkcDbaas.Core.Model.Network;
using SecurityGroup = K2hdkcDbaas.Core.Model.SecurityGroup;
using SecurityGroupRule = K2hdkcDbaas.Core.Model.SecurityGroupRule;

namespace K2hdkcDbaas.Core.Backends.Nova;

/// <summary>What the cloud offers to Nova's servers, in this product's own words.</summary>
internal sealed class NovaCatalog(OpenStackConnection cloud) : ICloudCatalog, IQuotas
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<Image> GetImagesAsync(string? pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = new NamePattern(pattern);
        // An exact name is the service's to find; an id it finds by address only.
        if (wanted.IsExact && Guid.TryParse(wanted.Text, out _))
        {
            if (await OrNull(cloud.Image.GetAsync(wanted.Text, cancellationToken)).ConfigureAwait(false) is { } image)
                yield return Of(image);
            yield break;
        }
        var found = false;
        if (wanted.IsExact)
        {
            await foreach (var image in cloud.Image.ListAsync(new ImageFilter { Name = wanted.Text },
                cancellationToken).ConfigureAwait(false))
            {
                found = true;
                yield return Of(image);
            }
        }
        if (found) yield break;
        // Glance minds the case, people do not.
        await foreach (var image in cloud.Image.ListAsync(null, cancellationToken).ConfigureAwait(false))
        {
            if (wanted.Fits(image.Name ?? image.Id)) yield return Of(image);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> GetAvailabilityZonesAsync(CancellationToken cancellationToken)
    {
        var zones = await cloud.Compute.AvailabilityZones.ListAsync(cancellationToken).ConfigureAwait(false);
        return [.. zones.Where(z => z.ZoneState?.Available != false).Select(z => z.ZoneName).Order(StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Flavor> GetFlavorsAsync(string? pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = new NamePattern(pattern);
        await foreach (var flavor in cloud.Compute.Flavors.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (wanted.Fits(flavor.Name) || wanted.Fits(flavor.Id))
                yield return new Flavor(flavor.Id, flavor.Name)
                {
                    VCpus = flavor.Vcpus,
                    Ram = flavor.Ram,
                    Disk = flavor.Disk,
                    IsPublic = flavor.IsPublic
                };
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Network> GetNetworksAsync(string? pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = new NamePattern(pattern);
        await foreach (var network in cloud.Network.Networks.ListAsync(null, cancellationToken).ConfigureAwait(false))
        {
            if (wanted.Fits(network.Name) || wanted.Fits(network.Id))
                yield return new Network(network.Id, network.Name)
                {
                    Status = network.Status,
                    IsExternal = network.IsExternal,
                    IsShared = network.Shared,
                    Subnets = network.Subnets
                };
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<KeyPair> GetKeyPairsAsync(string? pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = new NamePattern(pattern);
        foreach (var pair in await cloud.Compute.KeyPairs.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (wanted.Fits(pair.Name)) yield return new KeyPair(pair.Name) { Fingerprint = pair.Fingerprint };
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SecurityGroup> GetSecurityGroupsAsync(string? pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = new NamePattern(pattern);
        await foreach (var group in cloud.Network.SecurityGroups.ListAsync(null, cancellationToken).ConfigureAwait(false))
        {
            if (!wanted.Fits(group.Name) && !wanted.Fits(group.Id)) continue;
            yield return new SecurityGroup(group.Id, group.Name)
            {
                Description = group.Description,
                Rules = [.. group.Rules.Select(
                    r => new SecurityGroupRule(r.Id ?? "", r.Direction, r.Protocol, r.PortRangeMin, r.PortRangeMax, r.Ethertype))],
            };
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Quota>> GetQuotasAsync(CancellationToken cancellationToken)
    {
        var nova = await cloud.Compute.Limits.GetAsync(cancellationToken).ConfigureAwait(false);
        return
        [
            new Quota(NovaProvider.EngineName, "cores", nova.MaxCores) { InUse = nova.CoresUsed },
            new Quota(NovaProvider.EngineName, "instances", nova.MaxInstances) { InUse = nova.InstancesUsed },
            new Quota(NovaProvider.EngineName, "ram", nova.MaxRam) { InUse = nova.RamUsed },
        ];
    }

    private static Image Of(OpenStack.Glance.Image image) => new(image.Id, image.Name ?? image.Id)
    {
        Status = image.Status,
        Size = image.Size,
        MinDisk = image.MinDisk ?? 0,
        MinRam = image.MinRam ?? 0,
        Visibility = image.Visibility,
        Created = image.CreatedAt,
    };

    private static async Task<T?> OrNull<T>(Task<T> call)
        where T : class
    {
        try
        {
            return await call.ConfigureAwait(false);
        }
        catch (ServiceException e) when (e.Kind == Errors.ErrorKind.NotFound)
        {
            return null;
        }
    }
}
