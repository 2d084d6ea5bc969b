namespace K2hdkcDbaas.Protocol.Control;

/// <summary>The messages between CHMPX nodes, by their wire numbers. Those named V1 are of protocol version 1.</summary>
public enum ControlMessageType : ulong
{
    /// <summary>Asks for all servers (version 1).</summary>
    StatusRequestV1 = 1,

    /// <summary>All servers (version 1).</summary>
    StatusResponseV1 = 2,

    /// <summary>Introduces a node (version 1).</summary>
    ConnectRequestV1 = 3,

    /// <summary>Answers an introduction (version 1).</summary>
    ConnectResponseV1 = 4,

    /// <summary>A server joins (version 1).</summary>
    JoinRingV1 = 5,

    /// <summary>A status goes round the ring (version 1).</summary>
    StatusUpdateV1 = 6,

    /// <summary>A status is confirmed round the ring (version 1).</summary>
    StatusConfirmV1 = 7,

    /// <summary>A server's status has changed (version 1).</summary>
    StatusChangeV1 = 8,

    /// <summary>A merge starts.</summary>
    MergeStart = 9,

    /// <summary>A merge is given up.</summary>
    MergeAbort = 10,

    /// <summary>A merge is complete.</summary>
    MergeComplete = 11,

    /// <summary>A server is gone.</summary>
    ServerDown = 12,

    /// <summary>Asks for the data of a merge.</summary>
    RequestUpdateData = 13,

    /// <summary>Data of a merge.</summary>
    UpdateData = 14,

    /// <summary>How the transfer of data went.</summary>
    UpdateDataResult = 15,

    /// <summary>Merging is suspended.</summary>
    MergeSuspend = 16,

    /// <summary>Merging is allowed again.</summary>
    MergeResume = 17,

    /// <summary>Asks whether merging is suspended.</summary>
    MergeSuspendRequest = 18,

    /// <summary>Whether merging is suspended.</summary>
    MergeSuspendResponse = 19,

    /// <summary>Asks for a node's versions; allowed before an introduction only.</summary>
    VersionRequest = 20,

    /// <summary>A node's versions.</summary>
    VersionResponse = 21,

    /// <summary>Asks for all servers.</summary>
    StatusRequest = 22,

    /// <summary>All servers.</summary>
    StatusResponse = 23,

    /// <summary>Introduces a node.</summary>
    ConnectRequest = 24,

    /// <summary>Answers an introduction.</summary>
    ConnectResponse = 25,

    /// <summary>A server joins.</summary>
    JoinRing = 26,

    /// <summary>A status goes round the ring.</summary>
    StatusUpdate = 27,

    /// <summary>A status is confirmed round the ring.</summary>
    StatusConfirm = 28,

    /// <summary>A server's status has changed: the one notice that slaves get unasked.</summary>
    StatusChange = 29,
}
