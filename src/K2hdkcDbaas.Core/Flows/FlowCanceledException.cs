namespace K2hdkcDbaas.Core.Flows;

/// <summary>
/// The user stopped a flow. Nothing is undone then, since that could take long; the message and <see cref="Left"/> name all that exists.
/// A removal that was stopped has nothing left to name here: its message says what is gone.
/// </summary>
public sealed class FlowCanceledException : OperationCanceledException
{
    /// <summary>Makes the error.</summary>
    /// <param name="message">What the flow was and what exists of it.</param>
    /// <param name="left">What was made; an entry with no id was asked for, but its answer had not come.</param>
    /// <param name="token">The token that was canceled.</param>
    public FlowCanceledException(string message, IReadOnlyList<FlowItem> left, CancellationToken token)
        : base(message, token) => Left = left;

    /// <summary>What was made before the stop.</summary>
    public IReadOnlyList<FlowItem> Left { get; }

    /// <summary>Reports it at once, before the flow has let go of what it holds.</summary>
    internal FlowCanceledException Told(IFlowObserver observer)
    {
        observer.Stopped(this);
        return this;
    }
}
