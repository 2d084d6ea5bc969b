using System.Text.Json;
using K2hdkcDbaas.Http;
using Refit;

namespace K2hdkcDbaas.K2hr3;

/// <summary>A role token. Prints without its secrets.</summary>
/// <param name="Value">The token; a secret.</param>
/// <param name="RegisterPath">The way to the user data that carries the token; as secret as the token. Goes into addresses as it
/// is.</param>
public sealed record RoleToken(string Value, string RegisterPath)
{
    /// <summary>When it was made; null when K2HR3 has not said.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it ends; null when K2HR3 has not said.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Who made it; null when a host did.</summary>
    public string? User { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"role token until {Expires:u}";
}

/// <summary>K2HR3's role tokens (k2hr3_api "ROLE", src/routes/role.ts).</summary>
internal interface IRoleTokens
{
    /// <summary>A GET that makes something: sent twice it leaves a token behind that nobody knows and that is good for years.</summary>
    /// <param name="role">The role's name or full yrn.</param>
    /// <param name="expire">Seconds; 0 for no end (K2HR3 makes that about ten years).</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/v1/role/token/{**role}"), Headers(Call.Once)]
    Task<RoleTokenReply> IssueAsync(string role, [Query] long expire, CancellationToken cancellationToken);

    /// <summary>A role's tokens: an empty list comes as an array, others as an object by token.</summary>
    /// <param name="role">The role's name or full yrn.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/v1/role/token/list/{**role}?expand=true")]
    Task<JsonElement> ListAsync(string role, CancellationToken cancellationToken);

    /// <summary>Ends a role token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Delete("/v1/role/token/{**token}"), Headers(Call.Expect + "204")]
    Task DeleteAsync(string token, CancellationToken cancellationToken);
}
