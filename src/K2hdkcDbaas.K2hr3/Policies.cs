using System.Net;
using System.Text.Json.Serialization;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.K2hr3;

/// <summary>A policy: what may or may not be done with which resources.</summary>
public sealed record Policy
{
    /// <summary>Its name, as a full yrn or bare.</summary>
    public string? Name { get; init; }

    /// <summary><c>allow</c> or <c>deny</c>.</summary>
    public string? Effect { get; init; }

    /// <summary>The full names of actions, such as <see cref="Yrn.Read"/>.</summary>
    [JsonPropertyName("action")]
    public IReadOnlyList<string>? Actions { get; init; }

    /// <summary>The full names of resources.</summary>
    [JsonPropertyName("resource")]
    public IReadOnlyList<string>? Resources { get; init; }

    /// <summary>The full names of policies it takes more from.</summary>
    [JsonPropertyName("alias")]
    public IReadOnlyList<string>? Aliases { get; init; }
}

/// <summary>K2HR3's policies (/v1/policy).</summary>
public sealed class PoliciesClient
{
    private readonly K2hr3Endpoint _k2hr3;

    internal PoliciesClient(K2hr3Endpoint k2hr3) => _k2hr3 = k2hr3;

    /// <summary>Makes a policy or changes it; members that are null stay as they are, empty lists clear.</summary>
    /// <param name="policy">The policy, with its name.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task SaveAsync(Policy policy, CancellationToken cancellationToken) =>
        _k2hr3.SaveAsync("/v1/policy", new PolicyRequest(policy), K2hr3Json.Default.PolicyRequest, cancellationToken);

    /// <summary>A policy.</summary>
    /// <param name="name">Its name or full yrn.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">NotFound and the common ones.</exception>
    public async Task<Policy> GetAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await _k2hr3.GetAsync(Path(name), K2hr3Json.Default.PolicyReply, cancellationToken).ConfigureAwait(false)).Policy;
        }
        catch (ServiceException e) when (e.Status == HttpStatusCode.BadRequest)
        {
            // K2HR3 says 400 to a policy that is not there.
            throw e.Rename(ServiceErrorIds.NotFound, ErrorKind.NotFound, $"There is no policy '{name}' in this tenant (k2hr3: {e.ServiceMessage}).", "Check the name and the tenant.", name);
        }
    }

    /// <summary>Deletes a policy. K2HR3 takes the deletion of what is not there for done.</summary>
    /// <param name="name">Its name or full yrn.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task DeleteAsync(string name, CancellationToken cancellationToken) => _k2hr3.DeleteAsync(Path(name), cancellationToken);

    /// <summary>Whether a policy allows an action; asked without a token.</summary>
    /// <param name="policyYrn">The policy's full yrn.</param>
    /// <param name="resourceYrn">The resource's full yrn.</param>
    /// <param name="action"><c>read</c> or <c>write</c>.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task<bool> IsAllowedAsync(string policyYrn, string resourceYrn, string action, CancellationToken cancellationToken) =>
        // With full names the tenant should be superfluous, but without it both releases say no to everything.
        _k2hr3.AskAsync(Path(policyYrn) + K2hr3Endpoint.Query(("tenant", Yrn.TenantOf(policyYrn)), ("resource", resourceYrn), ("action", action)), cancellationToken, withToken: false);

    private static string Path(string name) => "/v1/policy/" + K2hr3Endpoint.Name(name, "policy");
}
