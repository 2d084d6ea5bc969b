using System.Net;
using System.Text.Json.Serialization;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.Templates;
using Refit;

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

/// <summary>K2HR3's policies (k2hr3_api "POLICY", src/routes/policy.ts).</summary>
internal interface IPolicies
{
    /// <summary>Deletes a policy. K2HR3 takes the deletion of what is not there for done.</summary>
    /// <param name="name">Its name or full yrn.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Delete("/v1/policy/{**name}"), Headers(Call.Expect + "204")]
    Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>Makes a policy or changes it; members that are null stay as they are, empty lists clear.</summary>
    /// <param name="policy">The policy, with its name.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Post("/v1/policy"), Headers(Call.Expect + "201", Call.Repeatable)]
    Task<BaseReply> SaveAsync([Body] Policy policy, CancellationToken cancellationToken);

    /// <summary>A policy as K2HR3 tells it: one that is not there is a 400.</summary>
    /// <param name="name">Its name or full yrn.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/v1/policy/{**name}")]
    Task<Policy> ShowAsync(string name, CancellationToken cancellationToken);

    /// <summary>Asks whether a policy allows an action: 204 when it does.</summary>
    /// <param name="policyYrn">The policy's full yrn.</param>
    /// <param name="tenant">The policy's tenant.</param>
    /// <param name="resource">The resource's full yrn.</param>
    /// <param name="action"><c>read</c> or <c>write</c>.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Head("/v1/policy/{**policyYrn}"), Headers(Call.Expect + "204", Call.Anonymous)]
    Task AskAsync(string policyYrn, [Query] string? tenant, [Query] string resource, [Query] string action,
        CancellationToken cancellationToken);

    /// <summary>A policy.</summary>
    /// <param name="name">Its name or full yrn.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">NotFound and the common ones.</exception>
    async Task<Policy> GetAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await ShowAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (ServiceException e) when (e.Status == HttpStatusCode.BadRequest)
        {
            throw e.Rename(ServiceErrorIds.NotFound, ErrorKind.NotFound,
                $"There is no policy '{name}' in this tenant (k2hr3: {e.ServiceMessage}).",
                "Check the name and the tenant.", name);
        }
    }

    /// <summary>Whether a policy allows an action; asked without a token.</summary>
    /// <param name="policyYrn">The policy's full yrn.</param>
    /// <param name="resourceYrn">The resource's full yrn.</param>
    /// <param name="action"><c>read</c> or <c>write</c>.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task<bool> IsAllowedAsync(string policyYrn, string resourceYrn, string action, CancellationToken cancellationToken) =>
        // With full names the tenant should be superfluous, but without it both releases say no to everything.
        Answers.IsYesAsync(AskAsync(policyYrn, Yrn.TenantOf(policyYrn), resourceYrn, action, cancellationToken));
}
