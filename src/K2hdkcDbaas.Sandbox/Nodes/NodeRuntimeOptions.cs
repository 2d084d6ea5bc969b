namespace K2hdkcDbaas.Sandbox.Nodes;

/// <summary>How a <see cref="NodeRuntime"/> runs its rings.</summary>
public sealed record NodeRuntimeOptions
{
    /// <summary>Time for expiries, status times and merges.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How many keys a merge goes through in a second of that time; above 0.</summary>
    public double KeysPerSecond { get; init; } = NodeRuntime.DefaultKeysPerSecond;

    /// <summary>Which servers fetch data when a ring's membership changes.</summary>
    public MergeBehavior Merge { get; init; } = MergeBehavior.Released;

    /// <summary>Merges that are to get stuck.</summary>
    public RingFaults Faults { get; init; } = new();
}
