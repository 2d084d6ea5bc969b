using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Api;

/// <summary>
/// Who a request comes from: a client certificate of the cluster's CA, a bearer token of its token file, or a service account's token.
/// </summary>
internal sealed class Authentication(ObjectStore store, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, KubeUser> _tokens = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Namespace, string Name, string Uid, DateTimeOffset Expires)> _accounts =
        new(StringComparer.Ordinal);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>Makes a token of a user, as in the API server's token file.</summary>
    public string AddToken(KubeUser user)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        _tokens[token] = user;
        return token;
    }

    /// <summary>A token of a service account (TokenRequest).</summary>
    public (string Token, DateTimeOffset Expires) Issue(JsonObject account, int seconds, IEnumerable<string> audiences)
    {
        var now = clock.GetUtcNow();
        var expires = now.AddSeconds(seconds);
        var claims = new JsonObject
        {
            ["aud"] = JsonHttp.Strings(audiences),
            ["exp"] = expires.ToUnixTimeSeconds(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["iss"] = "https://kubernetes.default.svc.cluster.local",
            ["jti"] = Guid.NewGuid().ToString("D"),
            ["kubernetes.io"] = new JsonObject
            {
                ["namespace"] = account.Namespace(),
                ["serviceaccount"] = new JsonObject { ["name"] = account.Name(), ["uid"] = account.Uid() },
            },
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["sub"] = $"system:serviceaccount:{account.Namespace()}:{account.Name()}",
        };
        var body = Encode("""{"alg":"HS256","typ":"JWT"}""") + "." + Encode(claims.ToJsonString());
        var token = body + "." + Encode(HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(body)));
        _accounts[token] = (account.Namespace(), account.Name(), account.Uid(), expires);
        return (token, expires);
    }

    /// <summary>The user of a request; 401 for a token that is none.</summary>
    public KubeUser UserOf(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return UserOf(header[7..].Trim()) ?? throw new KubeFault(401, "Unauthorized", "Unauthorized");
        if (header.Length > 0) throw new KubeFault(401, "Unauthorized", "Unauthorized");
        return context.Connection.ClientCertificate is { } certificate ? UserOf(certificate) : KubeUser.Anonymous;
    }

    /// <summary>The user of a token; null when it is none or has ended.</summary>
    public KubeUser? UserOf(string token)
    {
        if (_tokens.TryGetValue(token, out var user)) return user;
        if (!_accounts.TryGetValue(token, out var account) || account.Expires <= clock.GetUtcNow()) return null;
        if (store.Find(ResourceTypes.ServiceAccounts, account.Namespace, account.Name)?.Uid() != account.Uid) return null;
        return new KubeUser($"system:serviceaccount:{account.Namespace}:{account.Name}",
            ["system:serviceaccounts", "system:serviceaccounts:" + account.Namespace, "system:authenticated"]);
    }

    private static KubeUser UserOf(X509Certificate2 certificate)
    {
        var (name, groups) = ("", new List<string>());
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            var value = part.GetSingleElementValue() ?? "";
            if (part.GetSingleElementType().Value == "2.5.4.3") name = value;
            if (part.GetSingleElementType().Value == "2.5.4.10") groups.Add(value);
        }
        return new KubeUser(name, [.. groups, "system:authenticated"]);
    }

    private static string Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    private static string Encode(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
