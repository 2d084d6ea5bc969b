using System.Diagnostics;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Quickstart;
using Spectre.Console;

// A cluster's whole life against the sandbox: nothing but the .NET SDK is needed. The calls are those behind the cmdlets.
const int Keys = 1000;
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
var clock = Stopwatch.StartNew();
try
{
    await RunAsync(stop.Token);
    AnsiConsole.MarkupLineInterpolated($"[green]Done[/] in {clock.Elapsed.TotalSeconds:0.0} s; the sandbox has ended and nothing is left.");
    return 0;
}
catch (DbaasException e)
{
    AnsiConsole.MarkupLineInterpolated($"[red]{e.ErrorId}[/]: {e.Message}");
    if (e.NextStep is not null) AnsiConsole.MarkupLineInterpolated($"[grey]{e.NextStep}[/]");
    return 1;
}
catch (OperationCanceledException)
{
    AnsiConsole.MarkupLine("[yellow]Stopped.[/]");
    return 130;
}
catch (InvalidOperationException e)
{
    AnsiConsole.MarkupLineInterpolated($"[red]{e.Message}[/]");
    return 1;
}

static async Task RunAsync(CancellationToken cancellationToken)
{
    AnsiConsole.Write(new Rule("[bold]K2hdkcDbaas quickstart[/]").LeftJustified());
    await using var sandbox =
        await StepAsync("Starting the sandbox: a whole cloud on this machine", _ => SandboxProcess.StartAsync(cancellationToken));

    var options = new SessionOptions { Cloud = "sandbox", CloudsFile = sandbox.CloudsFile, K2hr3Uri = sandbox.K2hr3Url };
    await using var session = await StepAsync("Connecting", o => new SessionFactory().ConnectAsync(options, o, cancellationToken));
    AnsiConsole.MarkupLineInterpolated($"  as [bold]{session.User}[/] in project [bold]{session.Project}[/], K2HR3 at {session.K2hr3Uri}");

    var image = await session.Feature<ICloudCatalog>().GetImagesAsync(null, cancellationToken).FirstAsync(cancellationToken);
    var flavor = await session.Feature<ICloudCatalog>().GetFlavorsAsync(null, cancellationToken).OrderBy(f => f.Ram)
        .FirstAsync(cancellationToken);
    var template = new NodeTemplate { Image = new Reference(image), Flavor = new Reference(flavor) };
    var clusters = session.Clusters;
    FlowOptions Waiting(IFlowObserver observer) => new() { Observer = observer, Wait = true, Timeout = TimeSpan.FromSeconds(60) };

    var cluster = await StepAsync("Creating cluster demo with two server nodes",
        o => clusters.CreateClusterAsync(new NewCluster("demo") { ServerCount = 2, Nodes = template }, Waiting(o), cancellationToken));
    Views.Show(cluster);

    await StepAsync("Adding two more",
        o => clusters.AddNodesAsync(new NewNodes("demo", NodeRole.Server, template) { Count = 2 }, Waiting(o), cancellationToken));
    await StepAsync("Starting a slave",
        o => clusters.AddNodesAsync(new NewNodes("demo", NodeRole.Slave, template), Waiting(o), cancellationToken));
    Views.Show(await clusters.GetNodesAsync("demo", null, null, cancellationToken).ToListAsync(cancellationToken));
    Views.Show(await clusters.GetConfigurationAsync("demo", NodeRole.Server, expanded: true, cancellationToken), lines: 6);

    // As a registered slave this program is let in by the servers, and its keys go where the ring wants them.
    await using (var data = await StepAsync("Joining the ring as a slave",
        o => DataConnection.OpenAsync(new ClusterRing(session, clusters, "demo"), new DataConnectionOptions { Register = true }, o,
            cancellationToken)))
    {
        await StepAsync($"Writing {Keys} keys", o => WriteAsync(data.Client, o, cancellationToken));
        await StepAsync("Removing a server node, its data first",
            o => clusters.RemoveNodeAsync("demo", NodeRole.Server, "demo-server-1", Waiting(o), cancellationToken));
        var found = await StepAsync($"Reading {Keys} keys from the three that stay", o => ReadAsync(data.Client, o, cancellationToken));
        if (found != Keys) throw new InvalidOperationException($"Only {found} of {Keys} keys came back.");
        AnsiConsole.MarkupLineInterpolated($"  all {found} keys are there");
    }

    var removed = await StepAsync("Removing the cluster", o => clusters.RemoveClusterAsync("demo", Waiting(o), cancellationToken));
    AnsiConsole.MarkupLineInterpolated(
        $"  removed {string.Join(", ", removed.GroupBy(r => r.Kind).OrderBy(g => g.Key).Select(g => $"{g.Key}: {g.Count()}"))}");
}

static Task<int> WriteAsync(IK2hdkcClient client, IFlowObserver observer, CancellationToken cancellationToken) =>
    EachAsync(observer, async n =>
    {
        await client.SetAsync(StoredText.Encode($"key-{n}"), StoredText.Encode($"value-{n}"), null, cancellationToken);
        return true;
    });

static Task<int> ReadAsync(IK2hdkcClient client, IFlowObserver observer, CancellationToken cancellationToken) =>
    EachAsync(observer, async n =>
    {
        var reading = await client.GetAsync(StoredText.Encode($"key-{n}"), null, cancellationToken);
        return StoredText.Decode(reading.Value.Span) == $"value-{n}";
    });

static async Task<int> EachAsync(IFlowObserver observer, Func<int, Task<bool>> call)
{
    var good = 0;
    for (var n = 1; n <= Keys; n++)
    {
        if (await call(n)) good++;
        if (n % 100 == 0) observer.Progress(new FlowProgress("Keys", $"{n} of {Keys}"));
    }

    return good;
}

// A line with a spinner while it runs, and how long it took.
static async Task<T> StepAsync<T>(string title, Func<IFlowObserver, Task<T>> step)
{
    var clock = Stopwatch.StartNew();
    var result = await AnsiConsole.Status().Spinner(Spinner.Known.Dots)
        .StartAsync(Markup.Escape(title), status => step(new LiveObserver(status, title)));
    AnsiConsole.MarkupLineInterpolated($"[green]ok[/] {title} [grey]{clock.Elapsed.TotalSeconds:0.00} s[/]");
    return result;
}
