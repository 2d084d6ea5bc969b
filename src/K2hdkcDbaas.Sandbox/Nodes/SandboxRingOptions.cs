using System.Net;
using K2hdkcDbaas.Protocol.Hashing;

namespace K2hdkcDbaas.Sandbox.Nodes;

/// <summary>What a <see cref="SandboxRing"/> is made of.</summary>
public sealed record SandboxRingOptions
{
    /// <summary>Server nodes to start with; 1 or more.</summary>
    public int Servers { get; init; } = 3;

    /// <summary>Copies of each key beside the first one.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>The ring's name.</summary>
    public string Group { get; init; } = "SANDBOXRING";

    /// <summary>How nodes get their ids.</summary>
    public NodeIdType IdType { get; init; } = NodeIdType.Custom;

    /// <summary>Loopback address of all nodes.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Port of the first node; the others follow, two ports each. 0 looks for free ones.</summary>
    public int FirstPort { get; init; }

    /// <summary>How many keys a merge moves in a second.</summary>
    public double KeysPerSecond { get; init; } = NodeRuntime.DefaultKeysPerSecond;

    /// <summary>Which servers fetch data when the ring's membership changes.</summary>
    public MergeBehavior Merge { get; init; } = MergeBehavior.Released;

    /// <summary>Whether the ring merges by itself when servers come and go.</summary>
    public bool AutoMerge { get; init; } = true;

    /// <summary>Folder that keeps each node's data while it is stopped, as K2HFILE does for a real one; null: nothing is kept.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Lines for every SVRNODE section, such as the TLS keys.</summary>
    public string ServerLines { get; init; } = "";

    /// <summary>Time for expiries and merges.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
