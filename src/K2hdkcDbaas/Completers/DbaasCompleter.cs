using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Sessions;

namespace K2hdkcDbaas.Completers;

/// <summary>
/// The root of all completers: a leaf yields candidates from the session, within a time limit, so that Tab never hangs on a slow service
/// and never shows an error.
/// </summary>
public abstract class DbaasCompleter : IArgumentCompleter
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = CompletionWord.Parse(wordToComplete);
        var found = new List<Candidate>();
        try
        {
            using var limit = new CancellationTokenSource(Limit);
            var collecting = Collect(fakeBoundParameters, parameterName, word.Text + "*", found, limit.Token);
            // The limit holds even for work that is deaf to its token; what came until then is shown.
            collecting?.Wait(Limit);
        }
        catch (Exception fault) when (fault is AggregateException or OperationCanceledException or DbaasException)
        {
            // No session, no service: no candidates.
        }

        Candidate[] candidates;
        lock (found) candidates = [.. found];
        return candidates
            .Where(c => c.Value.StartsWith(word.Text, StringComparison.OrdinalIgnoreCase))
            .DistinctBy(c => c.Value)
            .Select(c => new CompletionResult(word.Quote(c.Value), c.Value, CompletionResultType.ParameterValue, c.Tip ?? c.Value));
    }

    /// <summary>Finds candidates for what the user has typed.</summary>
    /// <param name="session">The session that the command would use.</param>
    /// <param name="bound">The parameters given so far, as far as PowerShell can tell.</param>
    /// <param name="parameter">The parameter that is completed.</param>
    /// <param name="pattern">What the user has typed, with a wildcard at the end.</param>
    /// <param name="cancellationToken">Fires at the time limit.</param>
    private protected abstract IAsyncEnumerable<Candidate> FindAsync(
        IDbaasSession session, IDictionary bound, string parameter, string pattern, CancellationToken cancellationToken);

    /// <summary>Reads a parameter given so far as text.</summary>
    private protected static string? TextOf(IDictionary bound, string parameter) => bound[parameter]?.ToString();

    /// <summary>The back end that the command would ask.</summary>
    private protected static IClusterBackend BackendOf(IDbaasSession session, IDictionary bound) =>
        session.GetBackend(TextOf(bound, "Backend"));

    /// <summary>A value to offer, with what the list shows about it.</summary>
    private protected sealed record Candidate(string Value, string? Tip = null);

    private Task? Collect(IDictionary bound, string parameter, string pattern, List<Candidate> found, CancellationToken cancellationToken)
    {
        var connection = SessionTable.Here.Resolve(SessionReference.Of(bound["Session"]));
        return Task.Run(
            async () =>
            {
                await foreach (var candidate in FindAsync(connection, bound, parameter, pattern, cancellationToken).ConfigureAwait(false))
                {
                    lock (found) found.Add(candidate);
                }
            },
            cancellationToken);
    }
}
