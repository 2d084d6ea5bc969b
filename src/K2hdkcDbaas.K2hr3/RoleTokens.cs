using System.Text.Json;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using Refit;

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

/// <summary>K2HR3's role tokens; the session's redactor learns each.</summary>
public sealed class RoleTokensClient
{
    /// <summary>What K2HR3 makes of "no end"; longer is none.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(3650);

    private readonly IRoleTokens _tokens;
    private readonly Redactor _redactor;

    internal RoleTokensClient(IRoleTokens tokens, Redactor redactor)
    {
        _tokens = tokens;
        _redactor = redactor;
    }

    /// <summary>Makes a role token.</summary>
    /// <param name="role">The role's name or full yrn.</param>
    /// <param name="lifetime">How long it is good, in whole seconds from one to ten years; null for no end (K2HR3 makes that about ten years).</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">NotFound and the common ones.</exception>
    /// <exception cref="DbaasException">InvalidLifetime: K2HR3 cannot count it.</exception>
    public async Task<RoleToken> IssueAsync(string role, TimeSpan? lifetime, CancellationToken cancellationToken)
    {
        // K2HR3's 0 is "no end": what is less than a second must never become that.
        if (lifetime is { } given && (given < TimeSpan.FromSeconds(1) || given > MaxLifetime || given.Ticks % TimeSpan.TicksPerSecond != 0))
        {
            throw new DbaasException(ErrorKind.InvalidInput, "InvalidLifetime",
                $"A role token's lifetime is whole seconds from 1 second to {MaxLifetime.TotalDays:0} days, and {given:c} is not.", "Give such a lifetime, or none for the longest.")
            { Target = given };
        }
        var reply = await _tokens.IssueAsync(role, (long?)lifetime?.TotalSeconds ?? 0, cancellationToken).ConfigureAwait(false);
        return Learn(new RoleToken(reply.Token, reply.Registerpath));
    }

    /// <summary>A role's tokens, the one that ends last first; another register path of each at every call.</summary>
    /// <param name="role">The role's name or full yrn.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<IReadOnlyList<RoleToken>> ListAsync(string role, CancellationToken cancellationToken)
    {
        var tokens = await _tokens.ListAsync(role, cancellationToken).ConfigureAwait(false);
        if (tokens.ValueKind != JsonValueKind.Object) return [];
        try
        {
            return [.. tokens.EnumerateObject().Select(Read).OfType<RoleToken>().OrderByDescending(t => t.Expires).Select(Learn)];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The parser's words may quote a token.
            throw new ServiceException(ErrorKind.InvalidResponse, ServiceErrorIds.InvalidResponse, "k2hr3 answered with a list of role tokens that cannot be used.",
                "Check that the address is that of a K2HR3 REST API, and its version.")
            { Service = K2hr3Errors.Name };
        }
    }

    /// <summary>Ends a role token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task DeleteAsync(string token, CancellationToken cancellationToken) => _tokens.DeleteAsync(token, cancellationToken);

    private RoleToken Learn(RoleToken token)
    {
        _redactor.Learn(token.Value);
        _redactor.Learn(token.RegisterPath);
        return token;
    }

    private static RoleToken? Read(JsonProperty token)
    {
        var body = token.Value.Deserialize(K2hr3Json.Default.RoleTokenBody);
        return body?.Registerpath is { } path ? new RoleToken(token.Name, path) { Created = body.Date, Expires = body.Expire, User = body.User } : null;
    }
}
