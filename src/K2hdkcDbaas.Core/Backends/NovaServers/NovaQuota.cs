using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack;

namespace K2hdkcDbaas.Core.Backends.NovaServers;

/// <summary>Looks whether servers fit into the project's quota.</summary>
internal static class NovaQuota
{
    /// <summary>Refuses what does not fit. Nova itself says so at the first server that does not; then others are made already.</summary>
    /// <param name="cloud">The cloud.</param>
    /// <param name="orders">How many servers of which flavor's id.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <exception cref="DbaasException">QuotaExceeded.</exception>
    public static async Task NeedAsync(OpenStackConnection cloud, IReadOnlyList<(int Count, string FlavorId)> orders,
        CancellationToken cancellationToken)
    {
        var limits = await cloud.Compute.Limits.GetAsync(cancellationToken).ConfigureAwait(false);
        var flavors = await cloud.Compute.Flavors.ListAsync(cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        long Sum(Func<OpenStack.Nova.Flavor, long> of) =>
            orders.Sum(o => flavors.Find(f => f.Id == o.FlavorId) is { } flavor ? o.Count * of(flavor) : 0);
        Need("instances", limits.MaxInstances, limits.InstancesUsed, orders.Sum(o => o.Count));
        Need("cores", limits.MaxCores, limits.CoresUsed, Sum(f => f.Vcpus));
        Need("ram", limits.MaxRam, limits.RamUsed, Sum(f => f.Ram));
    }

    private static void Need(string resource, long limit, long used, long wanted)
    {
        if (limit < 0 || wanted == 0 || used + wanted <= limit) return;
        throw new DbaasException(ErrorKind.QuotaExceeded, ServiceErrorIds.QuotaExceeded,
            $"Nova's quota of {resource} is {limit}, of which {used} are in use; {wanted} more were asked for, and nothing was changed.",
            "Remove what is not needed any more, ask for less, or have the project's quota raised (Get-K2hdkcQuota shows it).")
        { Service = "nova", Target = resource };
    }
}
