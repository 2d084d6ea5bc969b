namespace K2hdkcDbaas.Core.Flows;

/// <summary>
/// Watches a flow. Called from any thread, at times from several at once: an implementation must be thread-safe and quick.
/// </summary>
public interface IFlowObserver
{
    /// <summary>The flow got on.</summary>
    /// <param name="progress">Where it stands.</param>
    void Progress(FlowProgress progress);

    /// <summary>Something worth knowing when one looks closely: a step, a request that is tried again. Never a secret.</summary>
    /// <param name="message">One sentence.</param>
    void Verbose(string message);

    /// <summary>Something that the caller should see, though the flow goes on.</summary>
    /// <param name="message">One sentence.</param>
    void Warning(string message);

    /// <summary>
    /// The user's stop has ended the flow, or a part of it, and this is what is left. What goes on meanwhile, such as letting go of a ring,
    /// may take longer than anyone waits. A later report is about more, and replaces it.
    /// </summary>
    /// <param name="flow">What the flow ends with.</param>
    void Stopped(FlowCanceledException flow)
    {
    }

    /// <summary>Whether <see cref="Debug"/> is of use now; without it requests are not even put into words.</summary>
    bool WantsDebug => false;

    /// <summary>Every request and answer, secrets masked.</summary>
    /// <param name="message">One exchange, or a body.</param>
    void Debug(string message)
    {
    }
}
