using K2hdkcDbaas.Http;
using Refit;

namespace K2hdkcDbaas.K2hr3;

/// <summary>K2HR3's user data (k2hr3_api "USERDATA", src/routes/userData.ts).</summary>
internal interface IUserData
{
    /// <summary>
    /// Cloud-init's multipart with the script that registers a guest. K2HR3 answers only what calls itself cloud-init; an old version's
    /// name keeps the answer unpacked.
    /// </summary>
    /// <param name="registerPath">The register path of a role token; goes into the address as it is.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/v1/userdata/{**registerPath}"), Headers(Call.Anonymous, "Accept: */*", "User-Agent: Cloud-Init/0.7.0")]
    Task<string> GetAsync([Encoded] string registerPath, CancellationToken cancellationToken);

    /// <summary>
    /// A template that K2HR3's administrator has set up, with the role and its token in it (k2hr3_api "EXTDATA", src/routes/extdata.ts).
    /// </summary>
    /// <param name="name">The template's name.</param>
    /// <param name="registerPath">The register path of a role token; goes into the address as it is.</param>
    /// <param name="agent">What the client calls itself; K2HR3 compares the whole text, without regard to case.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/v1/extdata/{name}/{**registerPath}"), Headers(Call.Anonymous, "Accept: */*")]
    Task<string> GetExternalAsync(string name, [Encoded] string registerPath, [Header("User-Agent")] string agent,
        CancellationToken cancellationToken);
}

/// <summary>What a booting guest fetches.</summary>
public sealed class UserDataClient
{
    private readonly IUserData _userData;
    private readonly Uri _api;

    internal UserDataClient(IUserData userData, Uri api)
    {
        _userData = userData;
        _api = api;
    }

    /// <summary>The address of a role token's user data. Who has it gets the token: a secret.</summary>
    /// <param name="token">The role token.</param>
    public Uri AddressOf(RoleToken token) => new(_api.AbsoluteUri.TrimEnd('/') + "/v1/userdata/" + token.RegisterPath);

    /// <summary>Nova's user data for a node: cloud-init's include of that address, without a newline at its end. A secret.</summary>
    /// <param name="token">The role token.</param>
    public string IncludeOf(RoleToken token) => "#include\n" + AddressOf(token).AbsoluteUri;

    /// <summary>Fetches the user data as cloud-init would. It holds the role token.</summary>
    /// <param name="token">The role token.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task<string> GetAsync(RoleToken token, CancellationToken cancellationToken) =>
        _userData.GetAsync(token.RegisterPath, cancellationToken);

    /// <summary>Fetches external data as a guest would: a template of K2HR3's administrator. It may hold the role token.</summary>
    /// <param name="name">The template's name in K2HR3's configuration.</param>
    /// <param name="token">The role token.</param>
    /// <param name="agent">What the client calls itself; K2HR3's configuration may ask for one.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">InvalidRequest: no such template, or another client is asked for.</exception>
    public Task<string> GetExternalAsync(string name, RoleToken token, string agent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        return _userData.GetExternalAsync(name, token.RegisterPath, agent, cancellationToken);
    }
}
