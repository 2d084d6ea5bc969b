using System.Globalization;
using System.Net.Sockets;
using System.Text;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Client.Control;

/// <summary>
/// Speaks to the control port of one chmpx node: one text command per connection, never with TLS. Nodes answer only hosts that their
/// configuration lists. Source: chmpx's control socket.
/// </summary>
public sealed class ControlPortClient
{
    private const int MaxResponse = 16 << 20;
    private const string Succeeded = "SUCCEED";

    private readonly HostPort _address;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    /// <summary>Makes a client; nothing is sent yet.</summary>
    /// <param name="address">The node's host and control port.</param>
    /// <param name="timeout">How long each command may take.</param>
    /// <param name="timeProvider">Where the wait takes the time from; null for the system's.</param>
    public ControlPortClient(HostPort address, TimeSpan timeout, TimeProvider? timeProvider = null)
    {
        if (address.Port is <= 0 or > 65535) throw NoControlPort(address);
        _address = address;
        _timeout = timeout;
        _time = timeProvider ?? TimeProvider.System;
    }

    /// <summary>The node's host and control port.</summary>
    public HostPort Address => _address;

    /// <summary>The node's program version, such as <c>Version 1.0.113 (commit: c569e0e) with OpenSSL</c>.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<string> GetVersionAsync(CancellationToken cancellationToken) =>
        (await SendAsync("VERSION", cancellationToken).ConfigureAwait(false)).Trim();

    /// <summary>The node's own status (<c>SELFSTATUS</c>).</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<NodeSelfStatus> GetSelfStatusAsync(CancellationToken cancellationToken) =>
        StatusText.ReadSelf(await SendAsync("SELFSTATUS", cancellationToken).ConfigureAwait(false)) ?? throw NotAStatus("SELFSTATUS");

    /// <summary>The status of all servers, as this node knows it (<c>ALLSTATUS</c>).</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<RingStatus> GetAllStatusAsync(CancellationToken cancellationToken) =>
        StatusText.ReadAll(await SendAsync("ALLSTATUS", cancellationToken).ConfigureAwait(false)) ?? throw NotAStatus("ALLSTATUS");

    /// <summary>Everything the node knows, as text for people (<c>DUMP</c>).</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<string> DumpAsync(CancellationToken cancellationToken) => SendAsync("DUMP", cancellationToken);

    /// <summary>Brings this server into service (<c>SERVICEIN</c>); data moves with the merge that follows.</summary>
    /// <param name="cancellationToken">Ends the wait; the command may still take effect.</param>
    public Task ServiceInAsync(CancellationToken cancellationToken) => CommandAsync("SERVICEIN", cancellationToken);

    /// <summary>
    /// Takes a server out of service (<c>SERVICEOUT</c>); any server of the ring can be asked to do it. The command names the server by
    /// what the ring makes its ids from, so this node is asked for its own id first.
    /// </summary>
    /// <param name="server">The server, as <see cref="GetAllStatusAsync"/> lists it.</param>
    /// <param name="cancellationToken">Ends the wait; the command may still take effect.</param>
    public async Task ServiceOutAsync(ServerRecord server, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(server);
        string[] parts = (await GetSelfStatusAsync(cancellationToken).ConfigureAwait(false)).IdType switch
        {
            NodeIdType.Custom => [server.Name, Number(server.ControlPort), server.CustomSeed],
            NodeIdType.Cuk => [server.Name, Number(server.ControlPort), server.Cuk],
            _ => [server.Name, Number(server.ControlPort)],
        };
        // Blanks and colons part the words, and there is no way to quote them.
        if (server.ControlPort <= 0 || Array.Exists(parts, p => p.Length == 0 || p.AsSpan().ContainsAny(" \t\r\n:")))
            throw new DbaasException(ErrorKind.InvalidInput, K2hdkcErrors.InvalidArgument,
                $"The command SERVICEOUT cannot name the server {string.Join(" ", parts)}.",
                "Stop the node's chmpx; the ring then takes it out by itself.")
            { Target = server };
        await CommandAsync("SERVICEOUT " + string.Join(':', parts), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts the merge of pending changes (<c>MERGE</c>).</summary>
    /// <param name="cancellationToken">Ends the wait; the command may still take effect.</param>
    public Task StartMergeAsync(CancellationToken cancellationToken) => CommandAsync("MERGE", cancellationToken);

    /// <summary>Gives up a merge (<c>ABORTMERGE</c>).</summary>
    /// <param name="cancellationToken">Ends the wait; the command may still take effect.</param>
    public Task AbortMergeAsync(CancellationToken cancellationToken) => CommandAsync("ABORTMERGE", cancellationToken);

    /// <summary>Completes a merge whose data is moved (<c>COMPMERGE</c>); also frees one that hangs.</summary>
    /// <param name="cancellationToken">Ends the wait; the command may still take effect.</param>
    public Task CompleteMergeAsync(CancellationToken cancellationToken) => CommandAsync("COMPMERGE", cancellationToken);

    /// <summary>Keeps merges from starting by themselves (<c>SUSPENDMERGE</c>).</summary>
    /// <param name="cancellationToken">Ends the wait; the command may still take effect.</param>
    public Task SuspendMergeAsync(CancellationToken cancellationToken) => CommandAsync("SUSPENDMERGE", cancellationToken);

    /// <summary>Lets merges start by themselves again (<c>NOSUSPENDMERGE</c>).</summary>
    /// <param name="cancellationToken">Ends the wait; the command may still take effect.</param>
    public Task ResumeMergeAsync(CancellationToken cancellationToken) => CommandAsync("NOSUSPENDMERGE", cancellationToken);

    /// <summary>Lets the node send its status to all others (<c>UPDATESTATUS</c>).</summary>
    /// <param name="cancellationToken">Ends the wait; the command may still take effect.</param>
    public Task UpdateStatusAsync(CancellationToken cancellationToken) => CommandAsync("UPDATESTATUS", cancellationToken);

    /// <summary>Sends any command and returns the text of the answer.</summary>
    /// <param name="command">The command with its parameters, on one line.</param>
    /// <param name="cancellationToken">Ends the wait; the command may still take effect.</param>
    /// <exception cref="DbaasException">The port does not answer (<see cref="K2hdkcErrors.ControlPortFailed"/>).</exception>
    public async Task<string> SendAsync(string command, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(command);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = _time.CreateTimer(_ => limit.Cancel(), null, _timeout, Timeout.InfiniteTimeSpan);
        var isConnected = false;
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(_address.Host, _address.Port, limit.Token).ConfigureAwait(false);
            isConnected = true;
            using var stream = new NetworkStream(socket, ownsSocket: false);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(command), limit.Token).ConfigureAwait(false);
            return await ReadToEndAsync(stream, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed($"did not answer {command} within {_timeout.TotalSeconds} s", ErrorKind.Timeout, null);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            // A node ends the connections of hosts that it does not list, before or while the command arrives.
            throw isConnected
                ? Failed($"ended the connection: {e.Message}", ErrorKind.Forbidden, e)
                : Failed($"cannot be reached: {e.Message}", ErrorKind.Unreachable, e);
        }
    }

    private static DbaasException Refused(HostPort address, string command, string answer) => new(
        ErrorKind.Conflict, K2hdkcErrors.ControlCommandRefused, $"The node {address} refused {command}: {answer}",
        answer.Contains("operating", StringComparison.Ordinal)
            ? "Wait until the merge under way is complete (Wait-K2hdkcMerge), then repeat."
            : "Look at the ring with Get-K2hdkcNodeStatus.")
    { Service = address.ToString() };

    private async Task<string> ReadToEndAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var text = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (text.Length + read > MaxResponse) throw Failed($"sent more than {MaxResponse} bytes", ErrorKind.InvalidResponse, null);
            text.Write(buffer, 0, read);
        }

        if (text.Length == 0) throw Failed("closed the connection without an answer", ErrorKind.Forbidden, null);
        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    private async Task CommandAsync(string command, CancellationToken cancellationToken)
    {
        var answer = (await SendAsync(command, cancellationToken).ConfigureAwait(false)).Trim();
        if (!answer.StartsWith(Succeeded, StringComparison.Ordinal)) throw Refused(_address, command, answer);
    }

    private static string Number(int port) => port.ToString(CultureInfo.InvariantCulture);

    private DbaasException NotAStatus(string command) =>
        Failed($"answered {command} with something else than a status", ErrorKind.InvalidResponse, null);

    private DbaasException Failed(string what, ErrorKind kind, Exception? cause) => new(
        kind, K2hdkcErrors.ControlPortFailed, $"The control port {_address} {what}.",
        "Check the node's CTLPORT, that chmpx runs, and that its configuration lists this host (Connect-K2hdkcCluster -Register adds it).",
        cause)
    { Service = _address.ToString() };

    private static DbaasException NoControlPort(HostPort address) => new(
        ErrorKind.InvalidInput, K2hdkcErrors.InvalidArgument, $"'{address}' names no control port.",
        "Give host and control port (CTLPORT) as host:port.");
}
