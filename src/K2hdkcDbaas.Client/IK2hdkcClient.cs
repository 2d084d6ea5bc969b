using K2hdkcDbaas.Client.Model;

namespace K2hdkcDbaas.Client;

/// <summary>
/// A connection to the data of one K2HDKC ring. All members may be called at the same time from several threads. Every call
/// ends, within the timeouts of <see cref="K2hdkcClientOptions"/> for each request it makes: a call that has others before it waits for as
/// long as the server goes on answering those. Errors are <see cref="Errors.DbaasException"/> with the ids of <see cref="K2hdkcErrors"/>.
/// Keys and values are the bytes as stored; <see cref="StoredText"/> makes and reads the text form that other tools use.
/// </summary>
public interface IK2hdkcClient : IAsyncDisposable
{
    /// <summary>How the ring is reached: <see cref="K2hdkcTransport.Managed"/> or <see cref="K2hdkcTransport.Native"/>.</summary>
    K2hdkcTransport Transport { get; }

    /// <summary>The ring as it is known now.</summary>
    RingSnapshot Ring { get; }

    /// <summary>The copies of single servers; null where the transport reaches no server of its own choice (native).</summary>
    IDirectAccess? Direct => null;

    /// <summary>
    /// Raised after the ring, or the connection to one of its servers, changed. Handlers must return at once. The native client sees no
    /// changes.
    /// </summary>
    event EventHandler<RingChangedEventArgs>? RingChanged;

    /// <summary>
    /// Reads a key. The servers answer alike for a missing key and for an empty, expired or locked value; then, and only then, the key's
    /// attributes and subkeys are read too, and decide: see <see cref="KeyState"/>.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="options">Pass phrase and raw reading; null for none.</param>
    /// <param name="cancellationToken">Ends the wait; the request may still be carried out.</param>
    Task<KeyReading> GetAsync(ReadOnlyMemory<byte> key, GetOptions? options, CancellationToken cancellationToken);

    /// <summary>
    /// Reads a key into a stream: for values too large for memory. It is one reply of one server, so it is one value whoever else writes;
    /// the native transport holds it whole for a moment.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="destination">Takes the value. One that cannot seek gets no second attempt once bytes are in it.</param>
    /// <param name="options">Pass phrase and raw reading; null for none.</param>
    /// <param name="onProgress">Told how many bytes are there, from another thread; null for nobody.</param>
    /// <param name="cancellationToken">Ends the transfer.</param>
    /// <returns>What was found, and its length.</returns>
    Task<(KeyState State, long Length)> GetIntoAsync(
        ReadOnlyMemory<byte> key, Stream destination, GetOptions? options, Action<long>? onProgress, CancellationToken cancellationToken);

    /// <summary>Writes a key, which may exist or not. An empty value is allowed.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="options">Expiry, pass phrase, what becomes of the subkeys; null for none.</param>
    /// <param name="cancellationToken">Ends the wait; the request may still be carried out.</param>
    Task SetAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, SetOptions? options, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a key from a stream: for values too large for memory. It is one request, so readers and replicas get the former value or all
    /// of the new one; the native transport holds it whole.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="source">The value. One that cannot seek gets no second attempt.</param>
    /// <param name="length">How many bytes of it; below 2 GiB, else <see cref="K2hdkcErrors.ValueTooLarge"/>.</param>
    /// <param name="options">Expiry, pass phrase, what becomes of the subkeys; null for none.</param>
    /// <param name="onProgress">Told how many bytes are sent, from another thread; null for nobody.</param>
    /// <param name="cancellationToken">Ends the transfer; the key is unchanged unless all was sent.</param>
    Task SetFromAsync(ReadOnlyMemory<byte> key, Stream source, long length, SetOptions? options, Action<long>? onProgress,
        CancellationToken cancellationToken);

    /// <summary>Deletes a key; a missing one is no error.</summary>
    /// <param name="key">The key.</param>
    /// <param name="recurse">Whether its subkeys, and theirs, are deleted too.</param>
    /// <param name="cancellationToken">Ends the wait; what was sent may still be carried out.</param>
    Task RemoveAsync(ReadOnlyMemory<byte> key, bool recurse, CancellationToken cancellationToken);

    /// <summary>Gives a key another name; value, subkeys and attributes go along.</summary>
    /// <param name="key">The key; a missing one is <see cref="K2hdkcErrors.KeyNotFound"/>.</param>
    /// <param name="newKey">The new name; a key of that name is replaced.</param>
    /// <param name="options">A parent whose list of subkeys is to follow, and more; null for none.</param>
    /// <param name="cancellationToken">Ends the wait; the request may still be carried out.</param>
    Task RenameAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> newKey, RenameOptions? options, CancellationToken cancellationToken);

    /// <summary>Reads the names of a key's subkeys; none for a missing key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<ReadOnlyMemory<byte>>> GetSubkeysAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken);

    /// <summary>Replaces the list of a key's subkeys; the keys it names are not touched.</summary>
    /// <param name="key">The key; made when missing.</param>
    /// <param name="subkeys">The names; none empties the list.</param>
    /// <param name="cancellationToken">Ends the wait; the request may still be carried out.</param>
    Task SetSubkeysAsync(ReadOnlyMemory<byte> key, IReadOnlyCollection<ReadOnlyMemory<byte>> subkeys, CancellationToken cancellationToken);

    /// <summary>Writes a key and puts its name into a parent's list of subkeys.</summary>
    /// <param name="key">The parent.</param>
    /// <param name="subkey">The subkey: a key like any other.</param>
    /// <param name="value">The subkey's value.</param>
    /// <param name="options">Expiry and pass phrase of the subkey's value; null for none.</param>
    /// <param name="cancellationToken">Ends the wait; what was sent may still be carried out.</param>
    Task AddSubkeyAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> subkey, ReadOnlyMemory<byte> value, SetOptions? options,
        CancellationToken cancellationToken);

    /// <summary>
    /// Deletes a subkey and takes its name out of the parent's list; a name that is not in it is <see cref="K2hdkcErrors.SubkeyNotFound"/>.
    /// </summary>
    /// <param name="key">The parent.</param>
    /// <param name="subkey">The subkey.</param>
    /// <param name="recurse">Whether the subkey's own subkeys are deleted too.</param>
    /// <param name="cancellationToken">Ends the wait; what was sent may still be carried out.</param>
    Task RemoveSubkeyAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> subkey, bool recurse, CancellationToken cancellationToken);

    /// <summary>Reads a key's attributes; none for a missing key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<KeyAttributes> GetAttributesAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken);

    /// <summary>
    /// Puts an item into a queue. Queue calls of one client run one after another: real servers break queues under parallel pushes.
    /// </summary>
    /// <param name="queue">The queue's name, stored without a trailing NUL by other tools.</param>
    /// <param name="value">The item.</param>
    /// <param name="options">Order, expiry, pass phrase; null for first in, first out.</param>
    /// <param name="cancellationToken">Ends the wait; the request may still be carried out.</param>
    Task PushAsync(ReadOnlyMemory<byte> queue, ReadOnlyMemory<byte> value, QueueOptions? options, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the next item out of a queue. Items that have expired are passed over and told of (<see cref="QueueOptions.OnPassedOver"/>).
    /// An encrypted one whose pass phrase is missing or wrong stays where it is: servers would drop it, so it is looked at first
    /// (<see cref="K2hdkcErrors.QueueItemLocked"/>). Nothing guards against another client that takes items at the same moment.
    /// </summary>
    /// <param name="queue">The queue's name.</param>
    /// <param name="options">Order and pass phrase; null for first in, first out.</param>
    /// <param name="cancellationToken">Ends the wait; the item may then be lost.</param>
    /// <returns>The item; null when the queue is empty.</returns>
    Task<ReadOnlyMemory<byte>?> PopAsync(ReadOnlyMemory<byte> queue, QueueOptions? options, CancellationToken cancellationToken);

    /// <summary>Writes a key and puts it into a key queue.</summary>
    /// <param name="queue">The queue's name.</param>
    /// <param name="item">The key and its value.</param>
    /// <param name="options">Order, expiry, pass phrase; null for first in, first out.</param>
    /// <param name="cancellationToken">Ends the wait; the request may still be carried out.</param>
    Task PushKeyAsync(ReadOnlyMemory<byte> queue, KeyQueueItem item, QueueOptions? options, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the next key and its value out of a key queue; the key is deleted. What cannot be read is treated as in
    /// <see cref="PopAsync"/>.
    /// </summary>
    /// <param name="queue">The queue's name.</param>
    /// <param name="options">Order and pass phrase; null for first in, first out.</param>
    /// <param name="cancellationToken">Ends the wait; the item may then be lost.</param>
    /// <returns>The item; null when the queue is empty.</returns>
    Task<KeyQueueItem?> PopKeyAsync(ReadOnlyMemory<byte> queue, QueueOptions? options, CancellationToken cancellationToken);

    /// <summary>Takes items out of a queue and drops them, also those that have expired or are encrypted.</summary>
    /// <param name="queue">The queue's name.</param>
    /// <param name="isKeyQueue">Whether its items are keys.</param>
    /// <param name="count">At most how many; null for all.</param>
    /// <param name="options">Order and pass phrase; null for first in, first out.</param>
    /// <param name="cancellationToken">Ends the work between two items.</param>
    /// <returns>How many were taken out.</returns>
    Task<long> ClearQueueAsync(ReadOnlyMemory<byte> queue, bool isKeyQueue, long? count, QueueOptions? options,
        CancellationToken cancellationToken);

    /// <summary>Creates a counter, or gives an existing key this value and width.</summary>
    /// <param name="key">The counter.</param>
    /// <param name="value">Its value and width.</param>
    /// <param name="options">Expiry and pass phrase; null for none.</param>
    /// <param name="cancellationToken">Ends the wait; the request may still be carried out.</param>
    Task InitializeCounterAsync(ReadOnlyMemory<byte> key, CounterValue value, CounterOptions? options, CancellationToken cancellationToken);

    /// <summary>Reads a counter.</summary>
    /// <param name="key">The counter; a missing one is <see cref="K2hdkcErrors.KeyNotFound"/>, a value of another size
    /// <see cref="K2hdkcErrors.NotACounter"/>.</param>
    /// <param name="options">Pass phrase; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<CounterValue> GetCounterAsync(ReadOnlyMemory<byte> key, CounterOptions? options, CancellationToken cancellationToken);

    /// <summary>Sets a counter if it has the expected value (compare and swap).</summary>
    /// <param name="key">The counter; a missing one is <see cref="K2hdkcErrors.KeyNotFound"/>.</param>
    /// <param name="expected">The value it must have.</param>
    /// <param name="value">The value to give it; of the same width.</param>
    /// <param name="options">Expiry and pass phrase; null for none.</param>
    /// <param name="cancellationToken">Ends the wait; the request may still be carried out.</param>
    /// <returns>Whether it had the expected value and was set.</returns>
    Task<bool> CompareAndSetCounterAsync(ReadOnlyMemory<byte> key, CounterValue expected, CounterValue value, CounterOptions? options,
        CancellationToken cancellationToken);

    /// <summary>Adds one to a counter, or takes one from it, in one request of the server's own; it wraps at its width.</summary>
    /// <param name="key">The counter; a missing one is <see cref="K2hdkcErrors.KeyNotFound"/>.</param>
    /// <param name="isIncrement">Up or down.</param>
    /// <param name="options">Expiry and pass phrase; null for none.</param>
    /// <param name="cancellationToken">Ends the wait; the request may still be carried out.</param>
    Task StepCounterAsync(ReadOnlyMemory<byte> key, bool isIncrement, CounterOptions? options, CancellationToken cancellationToken);

    /// <summary>Adds any number to a counter by compare and swap, as often as it takes; it wraps at its width.</summary>
    /// <param name="key">The counter; a missing one is <see cref="K2hdkcErrors.KeyNotFound"/>.</param>
    /// <param name="delta">What to add.</param>
    /// <param name="options">Expiry and pass phrase; null for none.</param>
    /// <param name="cancellationToken">Ends the wait; a request may still be carried out.</param>
    /// <returns>The counter's new value.</returns>
    Task<CounterValue> AddToCounterAsync(ReadOnlyMemory<byte> key, long delta, CounterOptions? options,
        CancellationToken cancellationToken);

    /// <summary>Asks every server that owns data for the state of its store. A server that fails is in the list with its fault.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<ServerState>> GetStatesAsync(CancellationToken cancellationToken);
}
