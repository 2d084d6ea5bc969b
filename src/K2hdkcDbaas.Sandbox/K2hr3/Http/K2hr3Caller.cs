using System.Diagnostics.CodeAnalysis;
using K2hdkcDbaas.Sandbox.K2hr3.Store;

namespace K2hdkcDbaas.Sandbox.K2hr3.Http;

/// <summary>Who asks, by token: a user, a role, or nobody that says so.</summary>
internal sealed record K2hr3Caller(UserToken? User, RoleToken? Role)
{
    [MemberNotNullWhen(true, nameof(User))]
    public bool IsUser => User is not null;

    [MemberNotNullWhen(true, nameof(Role))]
    public bool IsRole => Role is not null;

    public bool IsUnknown => User is null && Role is null;

    /// <summary>The tenant of the token; null without a token or with one that has no tenant.</summary>
    public string? Tenant => User?.Tenant ?? Role?.Tenant;
}

/// <summary>Reads the token of a request.</summary>
internal sealed class K2hr3Gate(K2hr3Store store, RoleTokenStore roleTokens, TimeProvider clock)
{
    /// <summary>The caller; a token is not needed, but one that is there must be good and have a tenant.</summary>
    public K2hr3Caller AnyCaller(K2hr3Request request)
        => request.AuthToken is null ? new K2hr3Caller(null, null) : Caller(request, scoped: true, rolesToo: true);

    /// <summary>The user whose token has a tenant.</summary>
    public UserToken ScopedUser(K2hr3Request request) => Caller(request, scoped: true, rolesToo: false).User!;

    /// <summary>The user, with a tenant or without.</summary>
    public UserToken User(K2hr3Request request) => Caller(request, scoped: false, rolesToo: false).User!;

    /// <summary>A user's or a role's token with a tenant.</summary>
    public K2hr3Caller Caller(K2hr3Request request) => Caller(request, scoped: true, rolesToo: true);

    private K2hr3Caller Caller(K2hr3Request request, bool scoped, bool rolesToo)
    {
        if (string.IsNullOrEmpty(request.AuthToken))
        {
            throw new K2hr3Refusal(400, "There is no x-auth-token header");
        }

        if (request.AuthToken.StartsWith("R=", StringComparison.Ordinal))
        {
            if (!rolesToo)
            {
                throw new K2hr3Refusal(400, "x-auth-token header token is not role token");
            }

            var text = request.AuthToken[2..];
            return roleTokens.Find(text, request.ClientAddress) is { } role ? new K2hr3Caller(null, role) : throw Unknown(text);
        }

        var token = request.AuthToken.StartsWith("U=", StringComparison.Ordinal) ? request.AuthToken[2..] : request.AuthToken;
        if (!store.UserTokens.TryGetValue(token, out var user) || user.Expires <= clock.GetUtcNow())
        {
            throw Unknown(token);
        }

        return !scoped || user.Tenant is not null
            ? new K2hr3Caller(user, null)
            : throw new K2hr3Refusal(401, $"token({token}) is not scoped.");
    }

    private static K2hr3Refusal Unknown(string token) => new(401, $"token({token}) is not existed, because it is expired or not set yet.");
}
