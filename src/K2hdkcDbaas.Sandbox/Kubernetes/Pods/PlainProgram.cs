using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Pods;

/// <summary>
/// Containers whose image the sandbox does not have: they run for ever, or end at once where the pod is to end. Of a shell's command line
/// it understands echo, sleep and exit, so that logs and failures can be tried.
/// </summary>
internal sealed partial class PlainProgram(JsonObject pod, PodLog log, TimeProvider clock) : IPodProgram
{
    private static readonly TimeSpan ShortRun = TimeSpan.FromSeconds(0.3);

    [GeneratedRegex("""^(?<word>echo|sleep|exit|true|false)\b\s*(?<rest>.*)$""", RegexOptions.CultureInvariant)]
    private static partial Regex Step { get; }

    public Task<int> InitAsync(string container, CancellationToken ct) => RunAsync(container, endsAlone: true, ct);

    public Task<int> StartedAsync(string container, CancellationToken ct) => Task.FromResult(0);

    public Task<int> RunAsync(string container, CancellationToken ct) =>
        RunAsync(container, pod.Text("spec", "restartPolicy") != "Always", ct);

    public Task StoppingAsync(string container, CancellationToken ct) => Task.CompletedTask;

    public bool IsReady(string container) => true;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<int> RunAsync(string name, bool endsAlone, CancellationToken ct)
    {
        var container = pod.Items("spec", "containers").Concat(pod.Items("spec", "initContainers")).First(c => c.Text("name") == name);
        var words = container.Texts("command").Concat(container.Texts("args")).ToList();
        var line = words switch
        {
            [var shell, "-c", var script, ..] when shell.EndsWith("sh", StringComparison.Ordinal) => script,
            _ => string.Join(' ', words),
        };
        var understood = false;
        foreach (var part in line.Split([';', '\n', '&'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Step.Match(part) is not { Success: true } step) continue;
            understood = true;
            var rest = step.Groups["rest"].Value.Trim('"', '\'', ' ');
            switch (step.Groups["word"].Value)
            {
                case "echo":
                    log.Write(name, rest);
                    break;
                case "sleep":
                    await Task.Delay(
                        double.TryParse(rest, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds)
                            ? TimeSpan.FromSeconds(seconds)
                            : Timeout.InfiniteTimeSpan, clock, ct).ConfigureAwait(false);
                    break;
                case "exit":
                    return int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : 0;
                case "true":
                    return 0;
                case "false":
                    return 1;
            }
        }
        if (!understood && !endsAlone)
        {
            log.Write(name, $"{container.Text("image")}: runs in the sandbox in name only");
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, ct).ConfigureAwait(false);
        }
        await Task.Delay(ShortRun, clock, ct).ConfigureAwait(false);
        return 0;
    }
}
