using K2hdkcDbaas.Protocol.Frames;
using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Protocol.Control;

/// <summary>
/// Which elements of a server's store to list. Servers ask each other so in a merge (chmpx: <c>REQ_UPDATEDATA</c>,
/// <c>PXCOMMON_MERGE_PARAM</c>); they answer any member of the ring.
/// </summary>
/// <param name="Slots">The number that hashes are taken modulo; 1 for the whole store.</param>
/// <param name="First">The first slot wanted.</param>
/// <param name="Count">How many slots, counted on from the first and around.</param>
public sealed record StoreListing(ulong Slots = 1, ulong First = 0, ulong Count = 1)
{
    private const int ContentSize = 97;
    private const int ParameterSize = 65;
    private const ulong Succeeded = 3;

    /// <summary>Only elements written at this time or later; none for all.</summary>
    public StoredTime Since { get; init; }

    /// <summary>The request as a message.</summary>
    /// <param name="receiver">The id of the node that the elements are sent to.</param>
    /// <param name="server">The id of the server that is to list.</param>
    public OpaqueMessage ToRequest(ulong receiver, ulong server)
    {
        var content = new byte[ContentSize];
        var isTimed = Since != StoredTime.None;
        // A base hash of "none" makes servers ignore the time; with slot 0 of 1 they heed it for every element.
        ulong[] parameters =
        [
            receiver, (ulong)Since.Seconds, (ulong)Since.Nanoseconds, Slots, First, isTimed ? 1 : FrameHeader.Invalid,
            isTimed ? 0 : FrameHeader.Invalid, Count,
        ];
        for (var i = 0; i < parameters.Length; i++) WireFields.PutUInt64(content, i * 8, parameters[i]);
        WireFields.PutUInt64(content, ParameterSize, 1);
        WireFields.PutUInt64(content, ParameterSize + 8, ControlMessage.HeadSize + ParameterSize + 16);
        WireFields.PutUInt64(content, ParameterSize + 16, server);
        return new OpaqueMessage(ControlMessageType.RequestUpdateData, content);
    }

    /// <summary>Reads a request.</summary>
    /// <param name="message">A message of the type <see cref="ControlMessageType.RequestUpdateData"/>.</param>
    /// <returns>The listing, and who is to get the elements.</returns>
    public static (StoreListing Listing, ulong Receiver) ReadRequest(OpaqueMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var content = Content(message, ContentSize);
        var listing = new StoreListing(WireFields.UInt64(content, 24), WireFields.UInt64(content, 32), WireFields.UInt64(content, 56));
        if (WireFields.UInt64(content, 48) != FrameHeader.Invalid)
            listing = listing with { Since = new StoredTime((long)WireFields.UInt64(content, 8), (long)WireFields.UInt64(content, 16)) };
        return (listing, WireFields.UInt64(content, 0));
    }

    /// <summary>Whether an element is meant.</summary>
    /// <param name="copy">The element.</param>
    public bool Includes(StoredCopy copy)
    {
        ArgumentNullException.ThrowIfNull(copy);
        if (Slots == 0 || copy.Modified < Since) return false;
        var slot = copy.Hash % Slots;
        return (slot + Slots - (First % Slots)) % Slots < Count;
    }

    /// <summary>One element as a message.</summary>
    /// <param name="copy">The element.</param>
    /// <param name="now">The server's time.</param>
    public static OpaqueMessage ToElement(StoredCopy copy, StoredTime now)
    {
        ArgumentNullException.ThrowIfNull(copy);
        var blob = copy.ToBlob();
        var content = new byte[32 + blob.Length];
        WireFields.PutUInt64(content, 0, (ulong)now.Seconds);
        WireFields.PutUInt64(content, 8, (ulong)now.Nanoseconds);
        WireFields.PutUInt64(content, 16, (ulong)blob.Length);
        WireFields.PutUInt64(content, 24, ControlMessage.HeadSize + 32);
        blob.CopyTo(content, 32);
        return new OpaqueMessage(ControlMessageType.UpdateData, content);
    }

    /// <summary>Reads one element.</summary>
    /// <param name="message">A message of the type <see cref="ControlMessageType.UpdateData"/>.</param>
    /// <exception cref="ProtocolException">Lengths do not fit.</exception>
    public static StoredCopy ReadElement(OpaqueMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var content = Content(message, 32);
        var length = WireFields.UInt64(content, 16);
        var at = WireFields.UInt64(content, 24) - ControlMessage.HeadSize;
        if (at > (ulong)content.Length || length > (ulong)content.Length - at)
            throw new ProtocolException($"A listed element says it has {length} bytes; {content.Length - 32} came.");
        return StoredCopy.Read(message.Content.Slice((int)at, (int)length));
    }

    /// <summary>The end of a listing as a message.</summary>
    /// <param name="server">The id of the server that listed.</param>
    /// <param name="isComplete">Whether all elements were sent.</param>
    public static OpaqueMessage ToResult(ulong server, bool isComplete)
    {
        var content = new byte[16];
        WireFields.PutUInt64(content, 0, server);
        WireFields.PutUInt64(content, 8, isComplete ? Succeeded : Succeeded + 1);
        return new OpaqueMessage(ControlMessageType.UpdateDataResult, content);
    }

    /// <summary>Whether a listing has ended well.</summary>
    /// <param name="message">A message of the type <see cref="ControlMessageType.UpdateDataResult"/>.</param>
    public static bool ReadResult(OpaqueMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return WireFields.UInt64(Content(message, 16), 8) == Succeeded;
    }

    private static ReadOnlySpan<byte> Content(OpaqueMessage message, int least)
    {
        if (message.Content.Length < least)
            throw new ProtocolException(
                $"A control message of type {message.Type} has {message.Content.Length} bytes; {least} are needed.");
        return message.Content.Span;
    }
}
