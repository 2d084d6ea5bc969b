using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Sessions;

namespace K2hdkcDbaas.Commands;

/// <summary>Makes an open session the one that commands use when none is named.</summary>
[Cmdlet(VerbsCommon.Select, "K2hdkcSession")]
[OutputType(typeof(K2hdkcSession))]
public sealed class SelectK2hdkcSessionCommand : PSCmdlet
{
    /// <summary>The session, by name or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(SessionCompleter))]
    [ValidateNotNullOrEmpty]
    [SessionArgument]
    public SessionReference? Session { get; set; }

    /// <summary>Returns the session.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var table = SessionTable.Here;
        // A session of another runspace is not this one's to select; one of the same name is.
        if (table.Find(Session!.Name) is not { } session)
        {
            WriteError(ErrorRecords.From(SessionTable.NotFound(Session.Name, table.All), Session.Name));
            return;
        }
        table.Select(session);
        if (PassThru) WriteObject(session);
    }
}
