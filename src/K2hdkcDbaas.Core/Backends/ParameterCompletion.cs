using K2hdkcDbaas.Core.Sessions;

namespace K2hdkcDbaas.Core.Backends;

/// <summary>Finds candidates for a parameter's value.</summary>
/// <param name="session">The session that the command would use.</param>
/// <param name="pattern">What the user has typed, with <c>*</c> at the end.</param>
/// <param name="cancellationToken">Fires at the time limit.</param>
public delegate IAsyncEnumerable<ParameterCandidate> ParameterCompletion(IDbaasSession session, string pattern,
    CancellationToken cancellationToken);
