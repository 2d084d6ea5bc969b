using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using K2hdkcDbaas.Sessions;

namespace K2hdkcDbaas.Completers;

/// <summary>Completes the names of open sessions; asks no service.</summary>
public sealed class SessionCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = CompletionWord.Parse(wordToComplete);
        return SessionTable.Here.All
            .Where(s => s.Name.StartsWith(word.Text, StringComparison.OrdinalIgnoreCase))
            .Select(s => new CompletionResult(word.Quote(s.Name), s.Name, CompletionResultType.ParameterValue,
                $"{s.User}@{s.Project} {s.AuthUrl}"));
    }
}
