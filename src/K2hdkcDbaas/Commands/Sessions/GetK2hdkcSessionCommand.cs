using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Sessions;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets the sessions that are open in this runspace.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcSession")]
[Alias("Get-K2hdkcDbaas")]
[OutputType(typeof(K2hdkcSession))]
public sealed class GetK2hdkcSessionCommand : PSCmdlet
{
    /// <summary>Names of sessions; wildcards are allowed. All when not given.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(SessionCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Only the session that commands use when none is named.</summary>
    [Parameter]
    public SwitchParameter Current { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var table = SessionTable.Here;
        foreach (var name in Name)
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            var found = table.All.Where(s => pattern.IsMatch(s.Name) && (!Current || s.Current))
                .OrderBy(s => s.Name, StringComparer.OrdinalIgnoreCase).ToArray();
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                WriteError(ErrorRecords.From(SessionTable.NotFound(name, table.All), name));
                continue;
            }

            WriteObject(found, enumerateCollection: true);
        }
    }
}
