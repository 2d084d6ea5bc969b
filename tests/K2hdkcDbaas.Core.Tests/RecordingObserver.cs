using System.Collections.Concurrent;
using K2hdkcDbaas.Core.Flows;

namespace K2hdkcDbaas.Core.Tests;

/// <summary>Keeps all that a flow says, so that a test can look for words and for secrets.</summary>
internal sealed class RecordingObserver : IFlowObserver
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    public bool WantsDebug => true;

    public void Progress(FlowProgress progress) => _lines.Enqueue(progress.ToString());

    public void Verbose(string message) => _lines.Enqueue(message);

    public void Warning(string message) => _lines.Enqueue("WARNING: " + message);

    public void Debug(string message) => _lines.Enqueue(message);
}
