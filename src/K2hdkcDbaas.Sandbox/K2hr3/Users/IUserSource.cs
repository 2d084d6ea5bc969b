using K2hdkcDbaas.Sandbox.Keystone;

namespace K2hdkcDbaas.Sandbox.K2hr3.Users;

/// <summary>Where K2HR3 has its users, tenants and user tokens from: a Keystone. The calls are those that k2hr3_api makes.</summary>
internal interface IUserSource
{
    /// <summary>An unscoped token for a user of the domain default.</summary>
    /// <exception cref="KeystoneRefusal">Name or password are wrong.</exception>
    Task<Token> LogInAsync(string name, string password, CancellationToken ct);

    /// <summary>An unscoped token for another one, scoped or not.</summary>
    /// <exception cref="KeystoneRefusal">The token is no good, or one of an application credential.</exception>
    Task<Token> ExchangeAsync(string token, CancellationToken ct);

    /// <summary>The projects of a token's user; null when the token has ended.</summary>
    Task<IReadOnlyList<Project>?> ProjectsAsync(UserSourceToken token, CancellationToken ct);

    /// <summary>A token for one of the projects.</summary>
    /// <exception cref="KeystoneRefusal">The token has ended.</exception>
    Task<Token> ScopeAsync(UserSourceToken token, Project project, CancellationToken ct);
}

/// <summary>A token with the user it stands for.</summary>
internal sealed record UserSourceToken(string Id, User User);

/// <summary>Keystone's answer when it is no token.</summary>
internal sealed class KeystoneRefusal(int status) : Exception($"Keystone answered {status}.")
{
    public int Status { get; } = status;
}
