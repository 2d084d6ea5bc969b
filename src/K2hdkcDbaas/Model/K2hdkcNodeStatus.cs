using K2hdkcDbaas.Core.Ring;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Model;

/// <summary>A server node as its control port tells it.</summary>
public sealed class K2hdkcNodeStatus
{
    internal K2hdkcNodeStatus(RingNodeStatus node)
    {
        Ring = node.Ring;
        Name = node.Name;
        ControlAddress = node.Control.ToString();
        Cuk = (node.Self?.Cuk ?? node.Record?.Cuk) is { Length: > 0 } cuk ? cuk : null;
        Tag = (node.Self?.CustomSeed ?? node.Record?.CustomSeed) is { Length: > 0 } tag ? tag : null;
        Port = node.Self?.Port ?? node.Record?.Port;
        Id = node.Self?.Id.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
        Answers = node.Fault is null;
        if (node.Status is { } status)
        {
            IsUp = status.IsUp;
            Service = status.Membership;
            Action = status.Action;
            Merge = status.Merge;
            IsSuspended = status.IsSuspended;
            Status = status.ToString();
        }

        Slot = Known(node.Self?.BaseSlot ?? node.Record?.BaseSlot);
        PendingSlot = Known(node.Self?.PendingSlot ?? node.Record?.PendingSlot);
        SlaveCount = node.Self?.ConnectionsFromSlaves;
        Version = node.Version;
        LastUpdate = node.Self?.LastUpdate;
        Fault = node.Fault?.Message;
    }

    /// <summary>The ring's name.</summary>
    public string? Ring { get; }

    /// <summary>The node's name in the ring.</summary>
    public string Name { get; }

    /// <summary>Its control port with its address; names the node for certain.</summary>
    public string ControlAddress { get; }

    /// <summary>Its custom unique key; null for none.</summary>
    public string? Cuk { get; }

    /// <summary>Its id seed: on OpenStack the guest's full name. Null for none.</summary>
    public string? Tag { get; }

    /// <summary>The port that nodes connect to; null when nobody told.</summary>
    public int? Port { get; }

    /// <summary>Its id in the ring, in hexadecimal digits; null when it does not answer.</summary>
    public string? Id { get; }

    /// <summary>Whether its control port answers this host.</summary>
    public bool Answers { get; }

    /// <summary>Whether its chmpx runs and is connected.</summary>
    public bool IsUp { get; }

    /// <summary>In or out of service.</summary>
    public RingMembership? Service { get; }

    /// <summary>What is about to happen to it: Add or Delete with the next merge.</summary>
    public RingAction? Action { get; }

    /// <summary>How far its merge is.</summary>
    public MergeProgress? Merge { get; }

    /// <summary>Whether no K2HDKC process is attached to its chmpx.</summary>
    public bool IsSuspended { get; }

    /// <summary>Its status as chmpx writes it; null when nobody told.</summary>
    public string? Status { get; }

    /// <summary>Its slot of the present ring; null for none.</summary>
    public long? Slot { get; }

    /// <summary>Its slot after the merge; null for none.</summary>
    public long? PendingSlot { get; }

    /// <summary>How many connections from slaves it has; null when it does not answer.</summary>
    public int? SlaveCount { get; }

    /// <summary>Its chmpx version; null when it does not answer.</summary>
    public string? Version { get; }

    /// <summary>When its status changed last; null when it does not answer.</summary>
    public DateTimeOffset? LastUpdate { get; }

    /// <summary>Why it does not answer; null when it does.</summary>
    public string? Fault { get; }

    /// <inheritdoc/>
    public override string ToString() => ControlAddress;

    private static long? Known(ulong? slot) => slot is null or ServerRecord.NoSlot ? null : (long)slot;
}
