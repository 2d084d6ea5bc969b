using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Model;

/// <summary>One server of a ring and the state of its store.</summary>
public sealed class K2hdkcServerStatus
{
    internal K2hdkcServerStatus(K2hdkcRingStatus ring, ServerRecord? record, ServerState? state, bool isConnected)
    {
        var store = state?.State;
        Ring = ring;
        Name = record?.Name ?? state?.Name ?? "";
        Id = (record?.Id ?? state?.Id ?? 0).ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
        Node = record?.CustomSeed is { Length: > 0 } tag ? tag.Split('.')[0] : null;
        Cuk = record?.Cuk is { Length: > 0 } cuk ? cuk : null;
        Port = record?.Port;
        ControlPort = record?.ControlPort;
        Status = record?.Status.ToString();
        IsUp = record?.Status.IsUp;
        IsConnected = isConnected;
        Slot = Known(record?.BaseSlot ?? store?.BaseSlot);
        PendingSlot = Known(record?.PendingSlot ?? store?.PendingSlot);
        KeyCount = store?.AssignedElementCount;
        UsedBytes = (long?)store?.TotalUsedSize;
        TotalBytes = (long?)store?.FileSize;
        HashVersion = store?.HashVersion;
        LastUpdate = store is { LastUpdate.Ticks: > 0 } ? store.LastUpdate : null;
        Store = store;
        Fault = state?.Fault?.Message;
    }

    /// <summary>The ring as a whole.</summary>
    public K2hdkcRingStatus Ring { get; }

    /// <summary>The server's host name.</summary>
    public string Name { get; }

    /// <summary>The node's name, the first label of its tag; null for a server without one.</summary>
    public string? Node { get; }

    /// <summary>Its id in the ring, in hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>Its custom unique key; null for none.</summary>
    public string? Cuk { get; }

    /// <summary>The port that nodes connect to; null where the transport does not tell.</summary>
    public int? Port { get; }

    /// <summary>Its control port; null where the transport does not tell.</summary>
    public int? ControlPort { get; }

    /// <summary>Its status as chmpx writes it; null where the transport does not tell.</summary>
    public string? Status { get; }

    /// <summary>Whether its chmpx runs; null where the transport does not tell.</summary>
    public bool? IsUp { get; }

    /// <summary>Whether this client has a connection to it.</summary>
    public bool IsConnected { get; }

    /// <summary>Its slot: keys with this hash, modulo the number of servers, are its own. Null for none.</summary>
    public long? Slot { get; }

    /// <summary>Its slot after the merge; null for none.</summary>
    public long? PendingSlot { get; }

    /// <summary>How many keys it holds, copies included; null when it did not tell.</summary>
    public long? KeyCount { get; }

    /// <summary>Bytes of its store in use; null when it did not tell.</summary>
    public long? UsedBytes { get; }

    /// <summary>Bytes of its whole store; null when it did not tell.</summary>
    public long? TotalBytes { get; }

    /// <summary>
    /// The hash functions by which it places keys; null when it did not tell. Clients of this module have <c>FNV-1A BUILTIN</c> only.
    /// </summary>
    public string? HashVersion { get; }

    /// <summary>When its store was last written; null when it did not tell.</summary>
    public DateTimeOffset? LastUpdate { get; }

    /// <summary>All that the server tells of its store; null when it did not.</summary>
    public NodeState? Store { get; }

    /// <summary>Why it did not tell; null when it did.</summary>
    public string? Fault { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}:{Port}";

    private static long? Known(ulong? slot) => slot is null or ServerRecord.NoSlot ? null : (long)slot;
}
