namespace K2hdkcDbaas.Client.Model;

/// <summary>What a client is doing.</summary>
public enum ClientState
{
    /// <summary>It is joining the ring for the first time.</summary>
    Connecting,

    /// <summary>It is connected to every server that is up.</summary>
    Connected,

    /// <summary>It is connected to some of the servers that are up and dials the others.</summary>
    Degraded,

    /// <summary>It has lost all servers and dials them again and again.</summary>
    Disconnected,

    /// <summary>It is closed, by its owner or by a failure that dialling cannot mend.</summary>
    Closed,
}
