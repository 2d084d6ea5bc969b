namespace K2hdkcDbaas.Protocol.Commands;

/// <summary>What a server says about a command beside success and error: the low half of a result.</summary>
public enum ResultDetail : uint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Internal error.</summary>
    Internal = 0x1,

    /// <summary>Out of memory.</summary>
    NoMemory = 0x2,

    /// <summary>The request's parameters are invalid.</summary>
    Invalid = 0x3,

    /// <summary>A value could not be opened for direct access; also: no such key.</summary>
    DirectOpen = 0x4,

    /// <summary>Locking failed.</summary>
    Lock = 0x5,

    /// <summary>Writing the value failed.</summary>
    SetValue = 0x6,

    /// <summary>Reading the value failed.</summary>
    GetValue = 0x7,

    /// <summary>Writing a subkey failed.</summary>
    SetSubkey = 0x8,

    /// <summary>Writing the list of subkeys failed.</summary>
    SetSubkeyList = 0x9,

    /// <summary>Reading the list of subkeys failed.</summary>
    GetSubkeyList = 0xA,

    /// <summary>Adding to the list of subkeys failed.</summary>
    AddSubkeyList = 0xB,

    /// <summary>Replacing everything failed.</summary>
    SetAll = 0xC,

    /// <summary>Deleting the key failed.</summary>
    DeleteKey = 0xD,

    /// <summary>Removing from the list of subkeys failed; also: the list has no such name.</summary>
    DeleteSubkeyList = 0xE,

    /// <summary>Replication failed.</summary>
    Replicate = 0xF,

    /// <summary>Reading a queue's marker failed; also: the queue has no name.</summary>
    GetMarker = 0x10,

    /// <summary>Writing a queue's marker failed.</summary>
    SetMarker = 0x11,

    /// <summary>No new queue key could be made.</summary>
    GetNewQueueKey = 0x12,

    /// <summary>Reading the queue failed.</summary>
    GetQueue = 0x13,

    /// <summary>Pushing failed.</summary>
    PushQueue = 0x14,

    /// <summary>Popping failed.</summary>
    PopQueue = 0x15,

    /// <summary>The queue is empty.</summary>
    QueueEmpty = 0x16,

    /// <summary>The counter has another value than expected.</summary>
    NotSameValue = 0x17,

    /// <summary>The value has another size than the counter.</summary>
    NotSameType = 0x18,

    /// <summary>The server does not find its own node.</summary>
    NoSelfNode = 0x19,

    /// <summary>The request names another server's id.</summary>
    NotSameNode = 0x1A,

    /// <summary>Reading the store's state failed.</summary>
    GetState = 0x1B,

    /// <summary>There is no server for the request.</summary>
    NoServerNode = 0x1C,

    /// <summary>No such key, or an empty value, or one that is expired or locked by a pass phrase.</summary>
    NoData = 0x10000,

    /// <summary>No reply has come.</summary>
    NoReply = 0xFFFF_FFFF,
}
