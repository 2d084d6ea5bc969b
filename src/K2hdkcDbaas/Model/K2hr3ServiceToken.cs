namespace K2hdkcDbaas.Model;

/// <summary>Who a user token was for that may use a K2HR3 service. The token itself is gone.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Tenant">The token's tenant.</param>
/// <param name="User">The token's user.</param>
public sealed record K2hr3ServiceToken(string Service, string Tenant, string User)
{
    /// <inheritdoc/>
    public override string ToString() => $"{User} of {Tenant} for {Service}";
}
