using System.Security.Cryptography;

namespace K2hdkcDbaas.Sandbox.K2hr3.Store;

/// <summary>Role tokens: who has one may act as the role.</summary>
internal sealed class RoleTokenStore(K2hr3Store store, RoleStore roles, TimeProvider clock)
{
    /// <summary>Life of a token when nothing is asked for.</summary>
    public static readonly TimeSpan UsualLife = TimeSpan.FromHours(24);

    /// <summary>Life of a token that is asked for with no end: about ten years.</summary>
    public static readonly TimeSpan LongLife = TimeSpan.FromDays(3650);

    /// <summary>Issues a token to a user or to a host of the role; null when there is no such role.</summary>
    public RoleToken? Issue(string role, string tenant, TimeSpan life, string? user, HostRecord? host)
    {
        if (roles.Find(role) is not { Id: { } id } record)
        {
            return null;
        }

        var now = DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());
        var token = new RoleToken(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)), role, id, tenant,
            now, now + life)
        { User = user, Host = host };
        store.RoleTokens[token.Token] = token;
        record.Tokens.Add(token.Token);
        return token;
    }

    /// <summary>The token if it is good for a request from the address.</summary>
    public RoleToken? Find(string token, string address)
        => store.RoleTokens.TryGetValue(token, out var found)
            && found.Expires > clock.GetUtcNow()
            && roles.Find(found.Role)?.Id == found.RoleId
            && (found.Host is null || (found.Host.Name == address && IsStillThere(found)))
            ? found
            : null;

    /// <summary>The tokens of a role that have not ended; null when there is no such role.</summary>
    public List<RoleToken>? List(string role)
        => roles.Find(role) is { Id: not null } record
            ? [.. record.Tokens.Order(StringComparer.Ordinal).Select(token => store.RoleTokens.GetValueOrDefault(token)).OfType<RoleToken>()
                .Where(token => token.Expires > clock.GetUtcNow())]
            : null;

    /// <summary>Ends a token of the tenant; false when there is none.</summary>
    public bool Remove(string token, string tenant)
    {
        if (!store.RoleTokens.TryGetValue(token, out var found) || found.Tenant != tenant)
        {
            return false;
        }

        store.RoleTokens.Remove(token);
        roles.Find(found.Role)?.Tokens.Remove(token);
        return true;
    }

    // A token of a host goes with the host's line in the role.
    private bool IsStillThere(RoleToken token)
        => roles.Tree(token.Role).Any(role => role.Value.Addresses.Values.Any(host => host.Id == token.Host!.Id));
}
