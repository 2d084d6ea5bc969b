using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using K2hdkcDbaas.Sessions;

namespace K2hdkcDbaas.Completers;

/// <summary>Completes the names of open connections to rings; asks no service.</summary>
public sealed class ConnectionCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = CompletionWord.Parse(wordToComplete);
        return ConnectionTable.Here.All
            .Where(c => c.Name.StartsWith(word.Text, StringComparison.OrdinalIgnoreCase))
            .Select(c => new CompletionResult(word.Quote(c.Name), c.Name, CompletionResultType.ParameterValue,
                $"ring {c.Ring}, {c.State}"));
    }
}
