using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Sessions;

namespace K2hdkcDbaas.Commands;

/// <summary>Closes connections to rings' data, and takes this host out of the slave roles that it was put into for them.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "K2hdkcCluster", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(K2hdkcConnection))]
public sealed class DisconnectK2hdkcClusterCommand : DbaasCmdlet
{
    /// <summary>
    /// Names of connections: the cluster's name, the file's path or the server as given; wildcards are allowed. The one connected last when
    /// not given.
    /// </summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    [Alias("Cluster")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>The connections themselves.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public K2hdkcConnection[]? Connection { get; set; }

    /// <summary>Only connections that this session has found.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SessionCompleter))]
    [ValidateNotNull]
    [SessionArgument]
    public SessionReference? Session { get; set; }

    /// <summary>Closes every connection of this runspace.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>Returns what was closed.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var table = ConnectionTable.Here;
        var open = table.All.Where(c => Session is null || string.Equals(c.Session, Session.Name, StringComparison.OrdinalIgnoreCase))
            .ToArray();
        if (Connection is not null) Close(table, Connection);
        else if (All || (Name is null && Session is not null)) Close(table, open);
        else if (Name is null)
        {
            if (table.Current is { } current) Close(table, [current]);
            else Fail(ConnectionTable.NothingMeant(), null);
        }
        else
        {
            foreach (var name in Name) CloseNamed(table, open, name);
        }
    }

    private void CloseNamed(ConnectionTable table, K2hdkcConnection[] open, string name)
    {
        var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
        var found = open.Where(c => pattern.IsMatch(c.Name)).ToArray();
        if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
        {
            Fail(new DbaasException(
                ErrorKind.NotFound, ConnectionTable.NotConnected, $"There is no open connection '{name}' in this runspace.",
                open.Length == 0 ? "None is open." : $"Open ones: {string.Join(", ", open.Select(c => c.Name))}."), name);
        }

        Close(table, found);
    }

    private void Close(ConnectionTable table, IEnumerable<K2hdkcConnection> connections)
    {
        foreach (var connection in connections)
        {
            if (!ShouldProcess(connection.Name, "Disconnect")) continue;
            table.Remove(connection);
            if (Run(connection, async (_, _) => await connection.Inner.DisposeAsync().ConfigureAwait(false)) && PassThru)
                WriteObject(connection);
        }
    }
}
