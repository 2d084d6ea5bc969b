using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Sessions;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets the connections to rings' data that are open in this runspace.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcConnection")]
[OutputType(typeof(K2hdkcConnection))]
public sealed class GetK2hdkcConnectionCommand : PSCmdlet
{
    /// <summary>
    /// What the connections were opened with: the cluster's name, the file's path or the server; wildcards are allowed. All when not given.
    /// </summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Only those that this session has found, by name or object.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SessionCompleter))]
    [SessionArgument]
    [ValidateNotNull]
    public SessionReference? Session { get; set; }

    /// <summary>Only the one that commands use when they are told nothing.</summary>
    [Parameter]
    public SwitchParameter Current { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var table = ConnectionTable.Here;
        foreach (var name in Name)
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            var found = table.All.Where(c => pattern.IsMatch(c.Name) && (!Current || c == table.Current)
                && (Session is null || string.Equals(c.Session, Session.Name, StringComparison.OrdinalIgnoreCase))).ToArray();
            WriteObject(found, enumerateCollection: true);
            if (found.Length > 0 || WildcardPattern.ContainsWildcardCharacters(name)) continue;
            var fault = new DbaasException(
                ErrorKind.NotFound, ConnectionTable.NotConnected, $"There is no open connection '{name}' in this runspace.",
                "See all with Get-K2hdkcConnection; Connect-K2hdkcCluster opens one.")
            { Target = name };
            WriteError(ErrorRecords.From(fault, name));
        }
    }
}
