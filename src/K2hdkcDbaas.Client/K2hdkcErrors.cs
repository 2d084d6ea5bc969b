namespace K2hdkcDbaas.Client;

/// <summary>The stable ids of the errors that the data client raises, beside <see cref="Protocol.ProtocolException.Id"/>.</summary>
public static class K2hdkcErrors
{
    /// <summary>There is no such key.</summary>
    public const string KeyNotFound = "KeyNotFound";

    /// <summary>The parent's list of subkeys has no such name.</summary>
    public const string SubkeyNotFound = "SubkeyNotFound";

    /// <summary>The value is encrypted, and the pass phrase is missing or wrong.</summary>
    public const string PassPhraseRequired = "PassPhraseRequired";

    /// <summary>The next item of the queue is encrypted, and the pass phrase is missing or wrong. It was left where it is.</summary>
    public const string QueueItemLocked = "QueueItemLocked";

    /// <summary>The next item of the queue has expired, and libk2hdkc would drop all items behind it. It was left where it is.</summary>
    public const string QueueItemExpired = "QueueItemExpired";

    /// <summary>The value is not 1, 2, 4 or 8 bytes long, or of another width than the counter given.</summary>
    public const string NotACounter = "NotACounter";

    /// <summary>A counter changed too often while it was compared and set.</summary>
    public const string CounterContended = "CounterContended";

    /// <summary>No server of the ring could be reached.</summary>
    public const string RingUnavailable = "RingUnavailable";

    /// <summary>The ring is reached, but no server can serve this key now.</summary>
    public const string NoServerForKey = "NoServerForKey";

    /// <summary>A server did not list its store to the end: the ring changes, or has no second server that is up.</summary>
    public const string ListingFailed = "ListingFailed";

    /// <summary>A server did not answer in time; a change may have been made or not.</summary>
    public const string CallTimeout = "CallTimeout";

    /// <summary>The connection was lost while a change was under way; it may have been made or not.</summary>
    public const string ConnectionLost = "ConnectionLost";

    /// <summary>The servers refuse this node as a member of the ring.</summary>
    public const string AdmissionRefused = "AdmissionRefused";

    /// <summary>TLS could not be agreed on, or a certificate is not trusted.</summary>
    public const string TlsFailed = "TlsFailed";

    /// <summary>A server reports that a command failed.</summary>
    public const string CommandFailed = "CommandFailed";

    /// <summary>The client is closed.</summary>
    public const string ClientClosed = "ClientClosed";

    /// <summary>The options cannot be right.</summary>
    public const string InvalidClientOptions = "InvalidClientOptions";

    /// <summary>A key, value or parameter cannot be right.</summary>
    public const string InvalidArgument = "InvalidDataArgument";

    /// <summary>A value is too large to be sent, or to be taken into memory.</summary>
    public const string ValueTooLarge = "ValueTooLarge";

    /// <summary>The configuration file cannot be read.</summary>
    public const string ConfigurationUnreadable = "RingConfigurationUnreadable";

    /// <summary>libk2hdkc was not found or does not load.</summary>
    public const string NativeLibraryMissing = "NativeLibraryMissing";

    /// <summary>libk2hdkc could not attach to a slave chmpx on this host.</summary>
    public const string NativeOpenFailed = "NativeOpenFailed";

    /// <summary>A control port did not answer as one.</summary>
    public const string ControlPortFailed = "ControlPortFailed";

    /// <summary>A node refused a control command.</summary>
    public const string ControlCommandRefused = "ControlCommandRefused";
}
