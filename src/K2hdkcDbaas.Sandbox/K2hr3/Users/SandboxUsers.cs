using System.Security.Cryptography;
using System.Text;
using K2hdkcDbaas.Sandbox.Keystone;

namespace K2hdkcDbaas.Sandbox.K2hr3.Users;

/// <summary>The users of the sandbox's own Keystone.</summary>
internal sealed class SandboxUsers(SandboxState state) : IUserSource
{
    public Task<Token> LogInAsync(string name, string password, CancellationToken ct)
    {
        lock (state.Gate)
        {
            var user = state.Identity.Users.Find(each => each.Name == name && each.Domain == state.Identity.DefaultDomain);
            return user is { Enabled: true }
                && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(user.Password), Encoding.UTF8.GetBytes(password))
                ? Task.FromResult(state.Identity.Issue(user, null, [], ["password"]))
                : throw new KeystoneRefusal(401);
        }
    }

    public Task<Token> ExchangeAsync(string token, CancellationToken ct)
    {
        lock (state.Gate)
        {
            var from = state.Identity.FindToken(token) ?? throw new KeystoneRefusal(404);
            return from.Credential is null
                ? Task.FromResult(state.Identity.Issue(from.User, null, [], [.. from.Methods.Union(["token"])], from))
                : throw new KeystoneRefusal(403);
        }
    }

    public Task<IReadOnlyList<Project>?> ProjectsAsync(UserSourceToken token, CancellationToken ct)
    {
        lock (state.Gate)
        {
            return Task.FromResult<IReadOnlyList<Project>?>(
                state.Identity.FindToken(token.Id) is { } known ? [.. state.Identity.ProjectsOf(known.User)] : null);
        }
    }

    public Task<Token> ScopeAsync(UserSourceToken token, Project project, CancellationToken ct)
    {
        lock (state.Gate)
        {
            var from = state.Identity.FindToken(token.Id) ?? throw new KeystoneRefusal(401);
            return Task.FromResult(
                state.Identity.Issue(from.User, project, from.User.Roles[project.Id], [.. from.Methods.Union(["token"])], from));
        }
    }
}
