namespace K2hdkcDbaas.Core.Flows;

/// <summary>Watches a flow. Called from any thread, at times from several at once: an implementation must be thread-safe and quick.</summary>
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

    /// <summary>Whether <see cref="Debug"/> is of use now; without it requests are not even put into words.</summary>
    bool WantsDebug => false;

    /// <summary>Every request and answer, secrets masked.</summary>
    /// <param name="message">One exchange, or a body.</param>
    void Debug(string message)
    {
    }
}

/// <summary>Where a flow stands.</summary>
/// <param name="Activity">The whole, such as <c>Creating cluster demo</c>.</param>
/// <param name="Status">The part being done, such as <c>3 of 8 nodes registered</c>.</param>
/// <param name="Percent">0 to 100; null when the length is not known.</param>
public sealed record FlowProgress(string Activity, string Status, int? Percent = null);

/// <summary>Watches nothing.</summary>
public sealed class SilentObserver : IFlowObserver
{
    private SilentObserver()
    {
    }

    /// <summary>The one instance.</summary>
    public static SilentObserver Instance { get; } = new();

    /// <inheritdoc/>
    public void Progress(FlowProgress progress)
    {
    }

    /// <inheritdoc/>
    public void Verbose(string message)
    {
    }

    /// <inheritdoc/>
    public void Warning(string message)
    {
    }
}
