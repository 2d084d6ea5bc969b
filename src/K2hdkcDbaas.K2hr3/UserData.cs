using System.Net;
using System.Text;

namespace K2hdkcDbaas.K2hr3;

/// <summary>What a booting guest fetches: cloud-init's multipart with the script that registers it (/v1/userdata).</summary>
public sealed class UserDataClient
{
    private readonly K2hr3Endpoint _k2hr3;

    internal UserDataClient(K2hr3Endpoint k2hr3) => _k2hr3 = k2hr3;

    /// <summary>The address of a role token's user data. Who has it gets the token: a secret.</summary>
    /// <param name="token">The role token.</param>
    public Uri AddressOf(RoleToken token) => new(_k2hr3.Api.AbsoluteUri.TrimEnd('/') + "/v1/userdata/" + token.RegisterPath);

    /// <summary>Nova's user data for a node: cloud-init's include of that address, without a newline at its end. A secret.</summary>
    /// <param name="token">The role token.</param>
    public string IncludeOf(RoleToken token) => "#include\n" + AddressOf(token).AbsoluteUri;

    /// <summary>Fetches the user data as cloud-init would. It holds the role token.</summary>
    /// <param name="token">The role token.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<string> GetAsync(RoleToken token, CancellationToken cancellationToken)
    {
        // K2HR3 answers only what calls itself cloud-init; an old version's name keeps the answer unpacked.
        var response = await _k2hr3.SendAsync(HttpMethod.Get, "/v1/userdata/" + token.RegisterPath, HttpStatusCode.OK, cancellationToken,
            r => r with { Token = null, Accept = "*/*", Headers = [new("User-Agent", "Cloud-Init/0.7.0")] }).ConfigureAwait(false);
        return Encoding.UTF8.GetString(response.Body.Span);
    }
}
