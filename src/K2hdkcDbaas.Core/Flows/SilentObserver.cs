namespace K2hdkcDbaas.Core.Flows;

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
