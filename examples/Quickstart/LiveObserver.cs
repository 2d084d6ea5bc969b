using K2hdkcDbaas.Core.Flows;
using Spectre.Console;

namespace K2hdkcDbaas.Quickstart;

/// <summary>Shows a flow's progress beside a spinner.</summary>
internal sealed class LiveObserver(StatusContext status, string title) : IFlowObserver
{
    public void Progress(FlowProgress progress) => status.Status($"{Markup.Escape(title)} [grey]{Markup.Escape(progress.Status)}[/]");

    public void Verbose(string message)
    {
    }

    public void Warning(string message) => AnsiConsole.MarkupLineInterpolated($"[yellow]{message}[/]");
}
