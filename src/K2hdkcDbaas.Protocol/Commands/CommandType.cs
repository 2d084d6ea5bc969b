namespace K2hdkcDbaas.Protocol.Commands;

/// <summary>The K2HDKC commands that travel between a client and a server, by their wire numbers.</summary>
public enum CommandType : ulong
{
    /// <summary>Read a value.</summary>
    Get = 0,

    /// <summary>Read a part of a value.</summary>
    GetDirect = 1,

    /// <summary>Read the list of subkeys.</summary>
    GetSubkeys = 2,

    /// <summary>Read all attributes.</summary>
    GetAttributes = 3,

    /// <summary>Read one attribute. Real servers do not answer when the key has attributes but not this one.</summary>
    GetAttribute = 4,

    /// <summary>Write a value.</summary>
    Set = 5,

    /// <summary>Write a part of a value.</summary>
    SetDirect = 6,

    /// <summary>Replace the list of subkeys.</summary>
    SetSubkeys = 7,

    /// <summary>Replace value, subkeys and attributes.</summary>
    SetAll = 8,

    /// <summary>Put one name into the list of subkeys.</summary>
    AddSubkey = 9,

    /// <summary>Delete a key.</summary>
    Delete = 11,

    /// <summary>Take one name out of the list of subkeys.</summary>
    RemoveSubkey = 12,

    /// <summary>Give a key another name.</summary>
    Rename = 14,

    /// <summary>Put an item into a queue.</summary>
    QueuePush = 15,

    /// <summary>Take an item out of a queue.</summary>
    QueuePop = 16,

    /// <summary>Create a counter.</summary>
    CounterInit = 18,

    /// <summary>Read a counter.</summary>
    CounterGet = 19,

    /// <summary>Compare a counter and set it.</summary>
    CounterSet = 20,

    /// <summary>Add one to a counter or take one from it.</summary>
    CounterStep = 21,

    /// <summary>Replicate a key (between servers).</summary>
    ReplicateKey = 22,

    /// <summary>Read the state of a server's store.</summary>
    State = 23,

    /// <summary>Replicate a deletion (between servers).</summary>
    ReplicateDelete = 25,
}
