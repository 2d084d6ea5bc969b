namespace K2hdkcDbaas.Http;

/// <summary>Gives the token that a request carries, and a new one when the service refuses it.</summary>
public interface ITokenSource
{
    /// <summary>The header that carries the token, such as <c>X-Auth-Token</c>.</summary>
    string HeaderName { get; }

    /// <summary>A token that is good now, logging in or renewing first when needed. Waiting callers share one login.</summary>
    /// <param name="cancellationToken">Ends the wait; a login that others wait for goes on.</param>
    Task<string> GetTokenAsync(CancellationToken cancellationToken);

    /// <summary>Forgets a token that was answered with 401, unless a newer one is there already.</summary>
    /// <param name="refused">The header value that was refused.</param>
    /// <returns>Whether a retry can help: a new token can be had.</returns>
    bool Refuse(string refused);
}
