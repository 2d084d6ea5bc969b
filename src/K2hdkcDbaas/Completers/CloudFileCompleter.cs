using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Sessions;

namespace K2hdkcDbaas.Completers;

/// <summary>
/// Completes clouds and their regions: what clouds.yaml names and, for regions, what open sessions of that cloud were told. Asks no
/// service.
/// </summary>
public sealed class CloudFileCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = CompletionWord.Parse(wordToComplete);
        // PowerShell's location, not the folder that the process started in.
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        var folder = shell.AddCommand("Get-Location").AddParameter("PSProvider", "FileSystem").Invoke<PathInfo>()[0].ProviderPath;
        var file = fakeBoundParameters["CloudsFile"]?.ToString();
        var cloud = fakeBoundParameters["Cloud"]?.ToString();
        IEnumerable<string> names = parameterName == "Cloud"
            ? CloudChoices.Clouds(file, folder)
            : CloudChoices.Regions(file, folder, cloud)
                .Concat(SessionTable.Here.All.Where(s => s.Cloud == cloud).SelectMany(s => s.Inner.Regions))
                .Distinct().Order(StringComparer.Ordinal);
        return names.Where(n => n.StartsWith(word.Text, StringComparison.OrdinalIgnoreCase))
            .Select(n => new CompletionResult(word.Quote(n), n, CompletionResultType.ParameterValue, n));
    }
}
