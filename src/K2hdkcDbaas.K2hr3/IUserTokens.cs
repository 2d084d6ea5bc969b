using System.Text.Json;
using K2hdkcDbaas.Http;
using Refit;

namespace K2hdkcDbaas.K2hr3;

/// <summary>K2HR3's user tokens (k2hr3_api "USER TOKEN", src/routes/userTokens.ts).</summary>
internal interface IUserTokens
{
    /// <summary>Makes a token. Always with a JSON body: 2.0.3 answers 400 to an empty one.</summary>
    /// <param name="auth">The tenant, and user and password unless a token stands for them.</param>
    /// <param name="token">An unscoped or foreign token, with <c>U=</c> before it; null for none.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Post("/v1/user/tokens"), Headers(Call.Expect + "201", Call.Repeatable)]
    Task<TokenReply> PostAsync([Body] TokenAuth auth, [Property(Call.Token)] string? token, CancellationToken cancellationToken);

    /// <summary>Who a token is for and which tenants it sees; one tenant when it is scoped.</summary>
    /// <param name="token">The token, with <c>U=</c> before it; null for the session's.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/v1/user/tokens")]
    Task<UserTokenInfo> GetAsync([Property(Call.Token)] string? token, CancellationToken cancellationToken);
}

/// <summary>The root of K2HR3's API (k2hr3_api src/routes/version.ts).</summary>
internal interface IVersions
{
    /// <summary>The versions it speaks; needs no token.</summary>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/"), Headers(Call.Anonymous)]
    Task<VersionReply> GetAsync(CancellationToken cancellationToken);

    /// <summary>What a version has: groups of paths, each with its verbs. Both releases answer a list that is out of date.</summary>
    /// <param name="version">The version, such as <c>v1</c>.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/{version}"), Headers(Call.Anonymous)]
    Task<JsonElement> GetPathsAsync(string version, CancellationToken cancellationToken);
}
