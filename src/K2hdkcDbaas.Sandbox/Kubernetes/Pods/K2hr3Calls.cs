using System.Text.Json;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Pods;

/// <summary>Calls of K2HR3 that the chart's scripts make with a user's token.</summary>
internal static class K2hr3Calls
{
    /// <summary>A scoped token for an unscoped one.</summary>
    /// <exception cref="PodFailure">K2HR3 refuses or is not there.</exception>
    public static async Task<string> ScopeAsync(PodNetwork network, string api, string unscoped, string tenant, CancellationToken ct)
    {
        var answer = await AskAsync(network, HttpMethod.Post, api + "/v1/user/tokens", unscoped,
            new JsonObject { ["auth"] = new JsonObject { ["tenantName"] = tenant } }, 201, ct).ConfigureAwait(false);
        return answer.Text("token") is { Length: > 0 } token ? token : throw new PodFailure("K2HR3 gives no scoped token");
    }

    /// <summary>A role token without an end.</summary>
    /// <exception cref="PodFailure">K2HR3 refuses or is not there.</exception>
    public static async Task<string> RoleTokenAsync(PodNetwork network, string api, string token, string role, CancellationToken ct)
    {
        var answer = await AskAsync(network, HttpMethod.Get, $"{api}/v1/role/token/{role}?expire=0", token, null,
            200, ct).ConfigureAwait(false);
        return answer.Text("token") is { Length: > 0 } made ? made : throw new PodFailure($"K2HR3 gives no token of role {role}");
    }

    /// <summary>One call; its answer, null when it has no body.</summary>
    /// <exception cref="PodFailure">Another status than wanted, or no answer.</exception>
    public static async Task<JsonNode?> AskAsync(PodNetwork network, HttpMethod method, string url, string token, JsonNode? body,
        int wanted, CancellationToken ct)
    {
        try
        {
            var (status, text) = await network.SendAsync(method, url, "U=" + token, body, ct).ConfigureAwait(false);
            if (status != wanted) throw new PodFailure($"{method} {new Uri(url).AbsolutePath} is failed with http exit code({status})");
            return text.Length == 0 ? null : KubeJson.Parse(text);
        }
        catch (HttpRequestException e)
        {
            throw new PodFailure($"{method} {url}: {e.Message}");
        }
        catch (JsonException)
        {
            throw new PodFailure($"{method} {url}: the answer is no JSON");
        }
    }
}
