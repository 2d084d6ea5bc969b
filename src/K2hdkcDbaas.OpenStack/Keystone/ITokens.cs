using K2hdkcDbaas.Http;
using Refit;

namespace K2hdkcDbaas.OpenStack.Keystone;

/// <summary>
/// Keystone v3 (Identity API reference, "Authentication and token management"). The token itself travels in X-Subject-Token.
/// </summary>
internal interface ITokens
{
    /// <summary>Logs in. Makes nothing that a second login would double.</summary>
    /// <param name="auth">Who, and for which project.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Post("/auth/tokens"), Headers(Call.Expect + "201", Call.Repeatable, Call.Anonymous)]
    Task<ApiResponse<TokenBody>> PostAsync([Body] AuthBody auth, CancellationToken cancellationToken);

    /// <summary>What a token is good for.</summary>
    /// <param name="token">The token that asks.</param>
    /// <param name="subject">The token asked about.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/auth/tokens")]
    Task<TokenBody> GetAsync([Property(Call.Token)] string token, [Header("X-Subject-Token")] string subject,
        CancellationToken cancellationToken);

    /// <summary>Ends a token.</summary>
    /// <param name="token">The token that asks.</param>
    /// <param name="subject">The token to end.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Delete("/auth/tokens"), Headers(Call.Expect + "204,404,401")]
    Task DeleteAsync([Property(Call.Token)] string token, [Header("X-Subject-Token")] string subject, CancellationToken cancellationToken);

    /// <summary>The projects in which the user has a role.</summary>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">Keystone refuses or cannot be reached.</exception>
    [Get("/auth/projects")]
    Task<IReadOnlyList<Project>> ListProjectsAsync(CancellationToken cancellationToken);
}

/// <summary>The root of Keystone (Identity API reference, "API versions").</summary>
internal interface IIdentityVersions
{
    /// <summary>The versions there are; a root tells them with 300.</summary>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/"), Headers(Call.Expect + "200,300", Call.Anonymous)]
    Task<IdentityVersionReply> GetAsync(CancellationToken cancellationToken);
}
