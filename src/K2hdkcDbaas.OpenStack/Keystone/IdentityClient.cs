using System.Net;
using K2hdkcDbaas.Http;

namespace K2hdkcDbaas.OpenStack.Keystone;

/// <summary>The little of Keystone that a user of the session needs beyond the log-in.</summary>
public sealed class IdentityClient
{
    private readonly KeystoneSession _session;

    internal IdentityClient(KeystoneSession session) => _session = session;

    /// <summary>The projects in which the user has a role (GET /v3/auth/projects).</summary>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">Keystone refuses or cannot be reached.</exception>
    public async Task<IReadOnlyList<Project>> ListProjectsAsync(CancellationToken cancellationToken) =>
        (await _session.SendAsync(HttpMethod.Get, "/auth/projects", [HttpStatusCode.OK], cancellationToken).ConfigureAwait(false)).Json(IdentityJson.Default.ProjectsReply).Projects;
}
