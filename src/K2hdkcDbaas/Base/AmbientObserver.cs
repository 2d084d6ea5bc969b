using K2hdkcDbaas.Core.Flows;

namespace K2hdkcDbaas.Base;

/// <summary>Watches a session for as long as it lives, and passes each report on to the command that is running just then.</summary>
internal sealed class AmbientObserver : IFlowObserver
{
    public static AmbientObserver Instance { get; } = new();

    public bool WantsDebug => CommandOutput.Current?.WantsDebug == true;

    public void Debug(string message) => CommandOutput.Current?.Debug(message);

    public void Progress(FlowProgress progress) => CommandOutput.Current?.Observer.Progress(progress);

    public void Stopped(FlowCanceledException flow) => CommandOutput.Current?.Observer.Stopped(flow);

    public void Verbose(string message) => CommandOutput.Current?.Verbose(message);

    public void Warning(string message) => CommandOutput.Current?.Warning(message);
}
