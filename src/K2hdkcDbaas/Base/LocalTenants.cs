using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;

namespace K2hdkcDbaas.Base;

/// <summary>Tenants that K2HR3 itself keeps.</summary>
internal static class LocalTenants
{
    private const string Prefix = "local@";

    /// <summary>The name as K2HR3 keeps it.</summary>
#pragma warning disable CA1308 // lower case is K2HR3's own normal form
    public static string Normal(string name) =>
        name.ToLowerInvariant() is var lower && lower.StartsWith(Prefix, StringComparison.Ordinal) ? lower : Prefix + lower;
#pragma warning restore CA1308

    /// <summary>The tenant; null when the user has none of that name.</summary>
    public static async Task<Tenant?> FindAsync(K2hr3Client k2hr3, string name, CancellationToken cancellationToken) =>
        (await k2hr3.Tenants.ListAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(t => t.Name == name);

    /// <summary>The tenant.</summary>
    /// <exception cref="DbaasException">K2hr3TenantNotFound.</exception>
    public static async Task<Tenant> DemandAsync(K2hr3Client k2hr3, string name, CancellationToken cancellationToken) =>
        await FindAsync(k2hr3, name, cancellationToken).ConfigureAwait(false) ?? throw new DbaasException(
            ErrorKind.NotFound, "K2hr3TenantNotFound", $"This user has no tenant '{name}' in K2HR3.",
            "See all with Get-K2hr3Tenant -Local; those of the cloud are not for K2HR3 to change.")
        { Target = name };

    /// <summary>Tells of users that K2HR3 has passed over without a word.</summary>
    public static void WarnOfUnknown(CommandOutput output, Tenant tenant, IEnumerable<string> users)
    {
        var unknown = users.Except(tenant.Users ?? [], StringComparer.OrdinalIgnoreCase).ToArray();
        if (unknown.Length > 0)
            output.Warning($"K2HR3 does not know {string.Join(", ", unknown)} and has not made them users of '{tenant.Name}': they must "
                + $"have logged in to K2HR3 once.");
    }
}
