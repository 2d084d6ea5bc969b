namespace K2hdkcDbaas.Core.Flows;

/// <summary>How a flow that changes things is to behave.</summary>
public sealed record FlowOptions
{
    /// <summary>Neither waits nor reports.</summary>
    public static FlowOptions Default { get; } = new();

    /// <summary>Returns only when the wanted state is reached (nodes: running <b>and</b> registered; removed: gone).</summary>
    public bool Wait { get; init; }

    /// <summary>How long <see cref="Wait"/> waits.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Leaves what a failing flow has made, instead of undoing it.</summary>
    public bool KeepPartial { get; init; }

    /// <summary>Goes without the safety of the data: removes server nodes without a merge, deletes though a guard would say no,
    /// backs up though merges go on or a node is gone, and restores a set that is not whole.</summary>
    public bool Force { get; init; }

    /// <summary>Who watches.</summary>
    public IFlowObserver Observer { get; init; } = SilentObserver.Instance;
}
