using K2hdkcDbaas.Core.Flows;

namespace K2hdkcDbaas.KubernetesLife.Tests;

/// <summary>Shows what a flow says with its test.</summary>
internal sealed class TestOutput : IFlowObserver
{
    public void Progress(FlowProgress progress) => Say($"{progress}");

    public void Verbose(string message) => Say(message);

    public void Warning(string message) => Say("WARNING: " + message);

    private static void Say(string text) => TestContext.Current.TestOutputHelper?.WriteLine($"{DateTime.Now:HH:mm:ss} {text}");
}
