using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Sessions;

namespace K2hdkcDbaas.Completers;

/// <summary>Completes names of subkeys of the key given before, over a connection that is open already; within a time limit.</summary>
public sealed class SubkeyCompleter : IArgumentCompleter
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = CompletionWord.Parse(wordToComplete);
        if (Connection(fakeBoundParameters) is not { } connection || fakeBoundParameters["Key"] is not { } key) return [];
        return Names(connection.Inner.Client, key.ToString() ?? "")
            .Where(n => n.StartsWith(word.Text, StringComparison.Ordinal))
            .Select(n => new CompletionResult(word.Quote(n), n, CompletionResultType.ParameterValue, n));
    }

    private static K2hdkcConnection? Connection(IDictionary bound)
    {
        if (bound["Connection"] is PSObject { BaseObject: K2hdkcConnection wrapped }) return wrapped;
        if (bound["Connection"] is K2hdkcConnection given) return given;
        var table = ConnectionTable.Here;
        var name = bound["Cluster"]?.ToString() ?? bound["ConfigurationPath"]?.ToString() ?? bound["Server"]?.ToString();
        return name is null ? table.Current : table.All.LastOrDefault(c => c.Name == name);
    }

    private static string[] Names(IK2hdkcClient client, string key)
    {
        if (key.Length == 0) return [];
        try
        {
            using var limit = new CancellationTokenSource(Limit);
            var reading = Task.Run(() => client.GetSubkeysAsync(StoredText.Encode(key), limit.Token));
            return reading.Wait(Limit) ? [.. reading.GetAwaiter().GetResult().Select(s => StoredText.Decode(s.Span))] : [];
        }
        catch (Exception fault) when (fault is AggregateException or OperationCanceledException or DbaasException)
        {
            return [];
        }
    }
}
