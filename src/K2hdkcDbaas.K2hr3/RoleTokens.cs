using System.Globalization;
using System.Net;
using System.Text.Json;

namespace K2hdkcDbaas.K2hr3;

/// <summary>A role token. Prints without its secrets.</summary>
/// <param name="Value">The token; a secret.</param>
/// <param name="RegisterPath">The way to the user data that carries the token; as secret as the token. Goes into addresses as it is.</param>
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

/// <summary>K2HR3's role tokens (/v1/role/token).</summary>
public sealed class RoleTokensClient
{
    private readonly K2hr3Endpoint _k2hr3;

    internal RoleTokensClient(K2hr3Endpoint k2hr3) => _k2hr3 = k2hr3;

    /// <summary>Makes a role token.</summary>
    /// <param name="role">The role's name or full yrn.</param>
    /// <param name="lifetime">How long it is good; null for no end (K2HR3 makes that about ten years).</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="Http.ServiceException">NotFound and the common ones.</exception>
    public async Task<RoleToken> IssueAsync(string role, TimeSpan? lifetime, CancellationToken cancellationToken)
    {
        var seconds = (lifetime is { } l ? (long)l.TotalSeconds : 0).ToString(CultureInfo.InvariantCulture);
        // A GET that makes something: sent twice it leaves a token behind that nobody knows and that is good for years.
        var response = await _k2hr3.SendAsync(HttpMethod.Get, $"/v1/role/token/{K2hr3Endpoint.Name(role, "role")}?expire={seconds}", HttpStatusCode.OK, cancellationToken,
            r => r with { RepeatIsSafe = false }).ConfigureAwait(false);
        var reply = K2hr3Endpoint.Checked(response, K2hr3Json.Default.RoleTokenReply);
        return Learn(new RoleToken(reply.Token, reply.Registerpath));
    }

    /// <summary>A role's tokens, the one that ends last first; another register path of each at every call.</summary>
    /// <param name="role">The role's name or full yrn.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<IReadOnlyList<RoleToken>> ListAsync(string role, CancellationToken cancellationToken)
    {
        var response = await _k2hr3.SendAsync(HttpMethod.Get, $"/v1/role/token/list/{K2hr3Endpoint.Name(role, "role")}?expand=true", HttpStatusCode.OK, cancellationToken).ConfigureAwait(false);
        var reply = K2hr3Endpoint.Checked(response, K2hr3Json.Default.RoleTokenListReply);
        // An empty list comes as an array, others as an object by token.
        if (reply.Tokens.ValueKind != JsonValueKind.Object) return [];
        try
        {
            return [.. reply.Tokens.EnumerateObject().Select(Read).OfType<RoleToken>().OrderByDescending(t => t.Expires).Select(Learn)];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The parser's words may quote a token.
            throw response.Invalid("answered with a list of role tokens that cannot be used", null);
        }
    }

    /// <summary>Ends a role token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task DeleteAsync(string token, CancellationToken cancellationToken) => _k2hr3.DeleteAsync("/v1/role/token/" + K2hr3Endpoint.Name(token, "role token"), cancellationToken);

    private RoleToken Learn(RoleToken token)
    {
        _k2hr3.Http.Redactor.Learn(token.Value);
        _k2hr3.Http.Redactor.Learn(token.RegisterPath);
        return token;
    }

    private static RoleToken? Read(JsonProperty token)
    {
        var body = token.Value.Deserialize(K2hr3Json.Default.RoleTokenBody);
        return body?.Registerpath is { } path ? new RoleToken(token.Name, path) { Created = body.Date, Expires = body.Expire, User = body.User } : null;
    }
}
