using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Sessions;

namespace K2hdkcDbaas.Commands;

/// <summary>Closes sessions and forgets their tokens and passwords.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "K2hdkcDbaas", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(K2hdkcSession))]
public sealed class DisconnectK2hdkcDbaasCommand : DbaasCmdlet
{
    /// <summary>The sessions to close, by name or object; the current one when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(SessionCompleter))]
    [ValidateNotNullOrEmpty]
    [SessionArgument]
    public SessionReference[]? Session { get; set; }

    /// <summary>Closes every session of this runspace.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>Returns what was closed.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var table = SessionTable.Here;
        if (All)
        {
            foreach (var session in table.All.ToArray()) Close(table, session);
        }
        else if (Session is null)
        {
            if (table.Current is { } current) Close(table, current);
            else Fail(new DbaasException(ErrorKind.NotFound, SessionTable.NotConnected, "There is no open session in this runspace.",
                "There is nothing to close; Connect-K2hdkcDbaas opens a session."), null);
        }
        else
        {
            foreach (var reference in Session)
            {
                if ((reference.Session ?? table.Find(reference.Name)) is { } session) Close(table, session);
                else Fail(SessionTable.NotFound(reference.Name, table.All), reference.Name);
            }
        }
    }

    private void Close(SessionTable table, K2hdkcSession session)
    {
        if (!ShouldProcess(session.Name, "Disconnect")) return;
        table.Remove(session);
        var connections = ConnectionTable.Here;
        var done = Run(session, async (_, _) =>
        {
            // A host registered for a connection leaves its role while there still is a token for it.
            await connections.CloseOfAsync(session.Inner).ConfigureAwait(false);
            await session.Inner.DisposeAsync().ConfigureAwait(false);
        });
        if (done && PassThru) WriteObject(session);
    }
}
