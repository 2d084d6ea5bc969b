using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Control;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Client;

/// <summary>
/// The copies of single servers, past the ring's choice of a server. Servers carry out what they are asked wherever a key belongs, also
/// while they are out of service; what is written here is passed on to no other server. Measured on chmpx 1.0.113 and k2hdkc 1.0.19.
/// </summary>
public interface IDirectAccess
{
    /// <summary>The ring as it is known now: every server, in ring order, with the slots of the present ring.</summary>
    RingState State { get; }

    /// <summary>How far a server's clock is ahead of this host's, by its last answer; zero while it has not answered.</summary>
    /// <param name="server">The server's id.</param>
    TimeSpan ClockAhead(ulong server);

    /// <summary>
    /// Lists what a server stores. It needs a second server that is up (the request goes once around the ring), and a ring that does not
    /// merge. What is written while it lasts may be missing.
    /// </summary>
    /// <param name="server">The server's id.</param>
    /// <param name="listing">Which elements.</param>
    /// <param name="onCopy">Told of each element, on the reading thread; must be quick.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="DbaasException">The server did not list to the end (<see cref="K2hdkcErrors.ListingFailed"/>).</exception>
    Task<int> ListAsync(ulong server, StoreListing listing, Action<StoredCopy> onCopy, CancellationToken cancellationToken);

    /// <summary>Reads one server's copy of a key; null when it has none.</summary>
    /// <param name="server">The server's id.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<StoredCopy?> ReadAsync(ulong server, ReadOnlyMemory<byte> key, CancellationToken cancellationToken);

    /// <summary>
    /// When one server's copy of a key was written: null when it has no copy, <see cref="StoredTime.None"/> when the copy has no time.
    /// </summary>
    /// <param name="server">The server's id.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<StoredTime?> ReadTimeAsync(ulong server, ReadOnlyMemory<byte> key, CancellationToken cancellationToken);

    /// <summary>Gives one server a copy. A copy there that is as new or newer stays.</summary>
    /// <param name="server">The server's id.</param>
    /// <param name="copy">The copy.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task WriteAsync(ulong server, StoredCopy copy, CancellationToken cancellationToken);

    /// <summary>Removes one server's copy unless it is newer than a given time.</summary>
    /// <param name="server">The server's id.</param>
    /// <param name="key">The key.</param>
    /// <param name="notNewerThan">The time of the copy that was seen.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when the copy there is newer, and stays.</returns>
    Task<bool> RemoveAsync(ulong server, ReadOnlyMemory<byte> key, StoredTime notNewerThan, CancellationToken cancellationToken);
}
