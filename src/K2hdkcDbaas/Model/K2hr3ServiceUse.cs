namespace K2hdkcDbaas.Model;

/// <summary>What a tenant got by taking a K2HR3 service up.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="Role">The full name of the role that may read the service's resources: roles of the tenant take it as an alias.</param>
/// <param name="Policy">The full name of the policy that lets it.</param>
public sealed record K2hr3ServiceUse(string Service, string Tenant, string Role, string Policy)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Service} for {Tenant}";
}
