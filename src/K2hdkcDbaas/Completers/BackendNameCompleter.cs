using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using K2hdkcDbaas.Sessions;

namespace K2hdkcDbaas.Completers;

/// <summary>Completes the names of back ends: those that the session knows. Asks no service.</summary>
public sealed class BackendNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = CompletionWord.Parse(wordToComplete);
        return SessionTable.Here.Providers(fakeBoundParameters["Session"])
            .Where(p => p.Name.StartsWith(word.Text, StringComparison.OrdinalIgnoreCase))
            .Select(p => new CompletionResult(word.Quote(p.Name), p.Name, CompletionResultType.ParameterValue, p.Description));
    }
}
