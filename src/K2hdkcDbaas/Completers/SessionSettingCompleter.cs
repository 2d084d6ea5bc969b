using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Completers;

/// <summary>
/// Completes a setting of Connect-K2hdkcDbaas as an engine says: there is no session yet that could be asked. Within a time limit, and
/// without a word when something fails.
/// </summary>
public sealed class SessionSettingCompleter : IArgumentCompleter
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = CompletionWord.Parse(wordToComplete);
        var named = BackendProviders.Find(BackendProviders.All, fakeBoundParameters["Backend"]?.ToString());
        var parameters = BackendProviders.All.OrderBy(p => p != named).SelectMany(p => p.Parameters)
            .Where(p => p.Uses.HasFlag(ParameterUses.Connect)).DistinctBy(p => p.Name, StringComparer.OrdinalIgnoreCase).ToList();
        var find = parameters.Find(p => p.Name.Equals(parameterName, StringComparison.OrdinalIgnoreCase))?.CompleteSetting;
        if (find is null) return [];
        var given = parameters.Where(p => fakeBoundParameters[p.Name] is not null)
            .ToDictionary(p => p.Name, p => p.IsPath ? FullPath(fakeBoundParameters[p.Name]!) : fakeBoundParameters[p.Name]);
        return Find(find, given).Where(c => c.Value.StartsWith(word.Text, StringComparison.OrdinalIgnoreCase))
            .Select(c => new CompletionResult(word.Quote(c.Value), c.Value, CompletionResultType.ParameterValue, c.Tip ?? c.Value));
    }

    private static IReadOnlyList<ParameterCandidate> Find(SettingCompletion find, Dictionary<string, object?> given)
    {
        try
        {
            using var limit = new CancellationTokenSource(Limit);
            var finding = Task.Run(() => find(given, Environment.GetEnvironmentVariable,
                Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), limit.Token), limit.Token);
            // The limit holds even for work that is deaf to its token.
            return finding.Wait(Limit) ? finding.Result : [];
        }
        catch (Exception fault) when (fault is AggregateException or OperationCanceledException or DbaasException)
        {
            return [];
        }
    }

    // From PowerShell's location, not from the folder that the process started in.
    private static string FullPath(object path)
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        var folder = shell.AddCommand("Get-Location").AddParameter("PSProvider", "FileSystem").Invoke<PathInfo>()[0].ProviderPath;
        return Path.GetFullPath(path.ToString()!, folder);
    }
}
