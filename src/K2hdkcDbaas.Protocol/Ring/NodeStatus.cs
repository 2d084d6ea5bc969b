namespace K2hdkcDbaas.Protocol.Ring;

/// <summary>The status word of a node, as it is sent.</summary>
/// <param name="Value">The bits.</param>
public readonly record struct NodeStatus(ulong Value)
{
    private const ulong LiveBit = 0x1;
    private const ulong MembershipMask = 0x30;
    private const ulong ActionMask = 0x300;
    private const ulong MergeMask = 0x3000;
    private const ulong SuspendBit = 0x10000;

    /// <summary>In service and up: the normal state of a server.</summary>
    public static readonly NodeStatus InService = new(0x21);

    /// <summary>Out of service and up.</summary>
    public static readonly NodeStatus OutOfService = new(0x11);

    /// <summary>Out of service and down: a server nothing is known of.</summary>
    public static readonly NodeStatus Absent = new(0x10);

    /// <summary>A slave that is up.</summary>
    public static readonly NodeStatus Slave = new(0x01);

    /// <summary>Its chmpx runs and is connected.</summary>
    public bool IsUp => (Value & LiveBit) != 0;

    /// <summary>Its place in the ring.</summary>
    public RingMembership Membership => (RingMembership)(Value & MembershipMask);

    /// <summary>What is about to happen to it.</summary>
    public RingAction Action => (RingAction)(Value & ActionMask);

    /// <summary>How far its merge is.</summary>
    public MergeProgress Merge => (MergeProgress)(Value & MergeMask);

    /// <summary>Its chmpx runs, but no K2HDKC process is attached: nobody would answer a command.</summary>
    public bool IsSuspended => (Value & SuspendBit) != 0;

    /// <summary>It is a server.</summary>
    public bool IsServer => (Value & MembershipMask) != 0;

    /// <summary>A command sent to it can be answered: up, and a K2HDKC process attached.</summary>
    public bool CanAnswer => IsUp && !IsSuspended;

    /// <summary>It owns a slot of the present ring.</summary>
    public bool OwnsBaseSlot =>
        (Value & ~SuspendBit) is 0x21 or 0x1021 or 0x2021 or 0x3021 or 0x1221 or 0x2221 or 0x3221 or 0x20 or 0x1220 or 0x3220;

    /// <summary>It owns a slot of the ring as it will be after the merge.</summary>
    public bool OwnsPendingSlot => (Value & ~SuspendBit) is 0x21 or 0x1021 or 0x2021 or 0x3021 or 0x1121 or 0x2121 or 0x3121 or 0x20;

    /// <summary>It serves keys of its own slot.</summary>
    public bool IsServicing => (Value & ~SuspendBit) is 0x21 or 0x1221 or 0x2221;

    /// <summary>Data is being moved to or from it.</summary>
    public bool IsMerging => Merge is MergeProgress.Doing or MergeProgress.Done;

    /// <summary>Keys may be routed to it: nothing happens to it, or it is leaving and still has the data.</summary>
    public bool TakesRoutedKeys => (Action == RingAction.None && Merge == MergeProgress.None) || Action == RingAction.Delete;

    /// <summary>The status it has when its connection is lost.</summary>
    public NodeStatus Down()
    {
        if (Membership == RingMembership.ServiceOut) return Absent;
        if (Membership != RingMembership.ServiceIn) return new NodeStatus(Value & ~LiveBit);
        return Action switch
        {
            RingAction.Delete => new NodeStatus(IsUp && IsMerging ? 0x3220UL : 0x1220UL),
            RingAction.Add when IsUp => Absent,
            _ => new NodeStatus(0x20),
        };
    }

    /// <summary>The status with or without an attached K2HDKC process.</summary>
    /// <param name="suspended">Whether there is none.</param>
    public NodeStatus WithSuspended(bool suspended) => new(suspended ? Value | SuspendBit : Value & ~SuspendBit);

    /// <summary>The status as a control port writes it, for example <c>[SERVICE IN][UP][n/a][Nothing][NoSuspend]</c>.</summary>
    public override string ToString()
    {
        var membership = Membership switch
        {
            RingMembership.Slave => "SLAVE",
            RingMembership.ServiceOut =>
            "SERVICE OUT",
            RingMembership.ServiceIn => "SERVICE IN",
            _ => "Unknown RING"
        };
        var action = Action switch
        {
            RingAction.None => "n/a",
            RingAction.Add => "ADD",
            RingAction.Delete => "DELETE",
            _ =>
            "unknown ACTION"
        };
        var merge = Merge switch
        {
            MergeProgress.None => "Nothing",
            MergeProgress.Pending => "Pending",
            MergeProgress.Doing => "Doing",
            _ =>
            "Done"
        };
        return $"[{membership}][{(IsUp ? "UP" : "DOWN")}][{action}][{merge}][{(IsSuspended ? "Suspend" : "NoSuspend")}]";
    }
}
