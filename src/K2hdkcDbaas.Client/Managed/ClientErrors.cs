using System.Globalization;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Commands;

namespace K2hdkcDbaas.Client.Managed;

/// <summary>A connection that broke. <see cref="WasSent"/> says whether the server may have carried the request out.</summary>
internal sealed class ConnectionLostException(string server, bool wasSent, Exception? cause) : DbaasException(
    ErrorKind.Unreachable, K2hdkcErrors.ConnectionLost,
    wasSent
        ? $"The connection to the server {server} was lost before its reply "
            + $"came{(cause is null ? "" : " (" + cause.Message.TrimEnd('.') + ")")}; the request may have been carried out or not."
        : $"The connection to the server {server} was lost{(cause is null ? "" : ": " + cause.Message.TrimEnd('.'))}.",
    "Read the key to see what became of it, then repeat the call if needed.", cause)
{
    public bool WasSent { get; } = wasSent;
}

/// <summary>The client's errors, each in one place.</summary>
internal static class ClientErrors
{
    /// <summary>The longest frame sent from a stream: lengths are 31-bit numbers on this side.</summary>
    public const int MaxStreamed = int.MaxValue - (1 << 20);

    public static DbaasException CallTimeout(string server, CommandType command, TimeSpan timeout) => new(
        ErrorKind.Timeout, K2hdkcErrors.CallTimeout,
        string.Create(CultureInfo.InvariantCulture,
            $"The server {server} did not answer {command} within {timeout.TotalSeconds:0.###} "
                + $"s{(IsRead(command) ? "" : "; a change may have been made or not")}."),
        "Check the server's k2hdkc process and the ring's state (Get-K2hdkcStatus); raise the call timeout for large values or slow "
            + "servers.")
    { Service = server };

    private static bool IsRead(CommandType command) =>
        command is CommandType.GetDirect or CommandType.GetSubkeys or CommandType.GetAttributes or CommandType.GetAttribute
            or CommandType.CounterGet
        or CommandType.Get;

    // What failed to be joined may be told by an error of the same kind: its cause is the news.
    private static Exception? Root(Exception? cause) =>
        cause is DbaasException
        {
            ErrorId: K2hdkcErrors.RingUnavailable,
            InnerException: DbaasException { ErrorId: K2hdkcErrors.RingUnavailable } inner
        } ? Root(inner) : cause;

    public static DbaasException TurnTimeout(string server, TimeSpan timeout) => new(
        ErrorKind.Timeout, K2hdkcErrors.CallTimeout,
        string.Create(CultureInfo.InvariantCulture,
            $"The server {server} answered none of the calls before this one within {timeout.TotalSeconds:0.###} s; it was not sent."),
        "Check the server's k2hdkc process and the ring's state (Get-K2hdkcStatus).")
    { Service = server };

    public static DbaasException RequestTooLarge(CommandType command, long length, int most) => new(
        ErrorKind.InvalidInput, K2hdkcErrors.ValueTooLarge,
        string.Create(CultureInfo.InvariantCulture,
            $"A {command} request of {length} bytes is too long; at most {most} are sent, key and value together."),
        most < MaxStreamed ? "Write the value from a file (Set-K2hdkcKey -InFile), or split it." : "Split the value.");

    public static DbaasException ReplyTooLarge(string server, long length, int most) => new(
        ErrorKind.InvalidInput, K2hdkcErrors.ValueTooLarge,
        string.Create(CultureInfo.InvariantCulture,
            $"The server {server} sent a value of {length} bytes; at most {most} are taken into memory."),
        "Read the value into a file (Get-K2hdkcKey -OutFile).")
    { Service = server };

    public static DbaasException NoServerForKey(string group, TimeSpan waited) => new(
        ErrorKind.Unreachable, K2hdkcErrors.NoServerForKey,
        string.Create(CultureInfo.InvariantCulture,
            $"No server of the ring {group} could serve this key within {waited.TotalSeconds:0.###} s: its owner and replicas are down, "
                + $"suspended or merging."),
        "Look at the ring with Get-K2hdkcStatus; bring the key's servers back, or complete a merge that hangs.")
    { Service = group };

    public static DbaasException RingUnavailable(string group, IEnumerable<string> servers, Exception? cause) => new(
        cause is DbaasException { Kind: ErrorKind.Timeout } ? ErrorKind.Timeout : ErrorKind.Unreachable, K2hdkcErrors.RingUnavailable,
        $"No server of the ring {group} could be joined (tried "
            + $"{string.Join(", ", servers)}).{(Root(cause) is { } root ? " Last: " + root.Message : "")}",
        "Check that chmpx runs on the servers, and that this host reaches their PORT through security groups and firewalls. Servers close "
            + "connections from hosts that are not members of the ring: Connect-K2hdkcCluster -Register makes this one a member.", cause)
    { Service = group };

    public static DbaasException AdmissionRefused(string server, string group, string tried) => new(
        ErrorKind.Forbidden, K2hdkcErrors.AdmissionRefused,
        $"The server {server} refuses this host as a slave of the ring {group} (tried {tried}).",
        "Put this host into the ring's slave entries (its K2HR3 slave role, or SLVNODE), with the CUK it joins with. In a ring whose "
            + "CHMPXIDTYPE is NAME each client of a host needs a slave entry (CTLPORT) of its own; CUSTOM needs neither.")
    { Service = server };

    public static DbaasException Silent(string server, string step) => new(
        ErrorKind.Timeout, K2hdkcErrors.RingUnavailable,
        $"The server {server} stayed silent on {step}.",
        "Servers answer neither a wrong server id nor a peer they do not know: check GROUP, CHMPXIDTYPE, NAME, CUK and CUSTOM_ID_SEED of "
            + "the configuration against the server's own.")
    { Service = server };

    public static DbaasException NoAnswerFrom(string server, string status) => new(
        ErrorKind.Unreachable, K2hdkcErrors.NoServerForKey, $"The server {server} cannot answer: {status}.",
        "Bring its chmpx and k2hdkc back, or take it out of the ring.")
    { Service = server };

    public static DbaasException ListingFailed(string server, string reason) => new(
        ErrorKind.Timeout, K2hdkcErrors.ListingFailed, $"The server {server} did not list its keys to the end: {reason}.",
        "Wait until the ring has settled (Wait-K2hdkcMerge), and try again; a listing needs a second server that is up.")
    { Service = server };

    public static DbaasException TlsEnded(string server, Exception cause) => new(
        ErrorKind.Forbidden, K2hdkcErrors.TlsFailed,
        $"The server {server} ended the TLS connection before the introduction: {cause.InnerException?.Message ?? cause.Message}",
        "Where the ring asks for client certificates, give SLAVE_CERT and SLAVE_PRIKEY that the servers' CA has signed; else look at the "
            + "server's log.", cause)
    { Service = server };

    public static DbaasException Closed(string group) => new(
        ErrorKind.Conflict, K2hdkcErrors.ClientClosed, $"This client of the ring {group} is closed.", "Connect again.")
    { Service = group };

    public static DbaasException CommandFailed(string server, CommandType command, ResultCode result) => new(
        ErrorKind.ServiceFailure, K2hdkcErrors.CommandFailed, $"The server {server} failed to carry out {command}: {result}.",
        result.Detail is ResultDetail.NoMemory or ResultDetail.SetValue or ResultDetail.SetSubkeyList or ResultDetail.AddSubkeyList
            ? "Repeat the call; if it stays, look at the server's log, its disk and its store's limits." : "Look at the server's log.")
    { Service = server };

    public static DbaasException KeyNotFound(ReadOnlyMemory<byte> key) => new(
        ErrorKind.NotFound, K2hdkcErrors.KeyNotFound, $"There is no key {Show(key)}.",
        "Check the key's spelling; text written by other tools ends with a NUL that bare keys lack.")
    { Target = Show(key) };

    public static DbaasException SubkeyNotFound(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> subkey) => new(
        ErrorKind.NotFound, K2hdkcErrors.SubkeyNotFound, $"The key {Show(key)} has no subkey {Show(subkey)} in its list.",
        "List the subkeys with Get-K2hdkcSubkey.")
    { Target = Show(subkey) };

    public static DbaasException PassPhraseRequired(ReadOnlyMemory<byte> key) => new(
        ErrorKind.Forbidden, K2hdkcErrors.PassPhraseRequired,
        $"The value of {Show(key)} is encrypted, and the pass phrase is missing or wrong.", "Give the pass phrase it was stored with.")
    { Target = Show(key) };

    public static DbaasException QueueItemLocked(ReadOnlyMemory<byte> queue) => new(
        ErrorKind.Forbidden, K2hdkcErrors.QueueItemLocked,
        $"The next item of the queue {Show(queue)} is encrypted, and the pass phrase is missing or wrong. It is still in the queue.",
        "Give the pass phrase it was pushed with, or drop it with Clear-K2hdkcQueue -Count 1.")
    { Target = Show(queue) };

    public static DbaasException QueueItemExpired(ReadOnlyMemory<byte> queue) => new(
        ErrorKind.Conflict, K2hdkcErrors.QueueItemExpired,
        $"The next item of the queue {Show(queue)} has expired. Popped through libk2hdkc, it would take all items behind it with it; "
            + $"nothing was done.",
        "Connect with -Transport Managed: that passes it over.")
    { Target = Show(queue) };

    public static DbaasException NotACounter(ReadOnlyMemory<byte> key, int length) => new(
        ErrorKind.Conflict, K2hdkcErrors.NotACounter,
        string.Create(CultureInfo.InvariantCulture,
            $"The value of {Show(key)} has {length} bytes; a counter has 1, 2, 4 or 8, and always the same width."),
        "Read it with Get-K2hdkcKey, or make it again with New-K2hdkcCounter.")
    { Target = Show(key) };

    public static DbaasException CounterContended(ReadOnlyMemory<byte> key, int attempts) => new(
        ErrorKind.Conflict, K2hdkcErrors.CounterContended,
        string.Create(CultureInfo.InvariantCulture, $"The counter {Show(key)} changed under each of {attempts} attempts to set it."),
        "Repeat the call, or step it by one: the server does that in one piece.")
    { Target = Show(key) };

    public static DbaasException Invalid(string message, string nextStep) =>
        new(ErrorKind.InvalidInput, K2hdkcErrors.InvalidArgument, message, nextStep);

    public static DbaasException InvalidOptions(string message, string nextStep) =>
        new(ErrorKind.InvalidInput, K2hdkcErrors.InvalidClientOptions, message, nextStep);

    /// <summary>A key as people can read it, shortened.</summary>
    public static string Show(ReadOnlyMemory<byte> key)
    {
        const int most = 80;
        if (StoredText.TryDecode(key.Span, out var text) && !text.Any(char.IsControl))
            return text.Length <= most ? $"'{text}'" : $"'{text[..most]}...'";
        return key.Length <= most / 2 ? $"0x{Convert.ToHexString(key.Span)}" : $"0x{Convert.ToHexString(key.Span[..(most / 2)])}...";
    }
}
