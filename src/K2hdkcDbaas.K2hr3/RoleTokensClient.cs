using System.Text.Json;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;

namespace K2hdkcDbaas.K2hr3;

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
    /// <param name="lifetime">How long it is good, in whole seconds from one to ten years; null for no end (K2HR3 makes that about ten
    /// years).</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">NotFound and the common ones.</exception>
    /// <exception cref="DbaasException">InvalidLifetime: K2HR3 cannot count it.</exception>
    public async Task<RoleToken> IssueAsync(string role, TimeSpan? lifetime, CancellationToken cancellationToken)
    {
        // K2HR3's 0 is "no end": what is less than a second must never become that.
        if (lifetime is { } given && (given < TimeSpan.FromSeconds(1) || given > MaxLifetime || given.Ticks % TimeSpan.TicksPerSecond != 0))
        {
            throw new DbaasException(ErrorKind.InvalidInput, "InvalidLifetime",
                $"A role token's lifetime is whole seconds from 1 second to {MaxLifetime.TotalDays:0} days, and {given:c} is not.",
                "Give such a lifetime, or none for the longest.")
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
            throw new ServiceException(ErrorKind.InvalidResponse, ServiceErrorIds.InvalidResponse,
                "k2hr3 answered with a list of role tokens that cannot be used.",
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
        return body?.Registerpath is { } path
            ? new RoleToken(token.Name, path) { Created = body.Date, Expires = body.Expire, User = body.User }
            : null;
    }
}
