using System.Diagnostics;
using System.Globalization;
using K2hdkcDbaas.Client;

namespace K2hdkcDbaas.Benchmarks;

/// <summary>
/// Managed, native and k2hdkclinetool against one ring in one run: latency of gets and sets in sequence, keys a second with many calls in
/// flight, allocation per get. Prints a table with ratios to native. What is not on the machine is left out and said so. Without a ring it
/// starts the sandbox's.
/// </summary>
internal static class SideBySide
{
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        if (args.Length > 3)
        {
            await Console.Error.WriteLineAsync("usage: side [SLAVE_CONFIGURATION [COUNT=3000 [MANY=20000]]]");
            return 2;
        }

        using var sandbox = args.Length == 0 ? await SandboxRingProcess.StartAsync(cancellationToken) : null;
        var configuration = sandbox?.ConfigurationPath ?? args[0];
        var count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3000;
        var many = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 20_000;
        var results = new List<Result>();
        // A sandbox ring has no chmpx slave on this host, through which the native ways go.
        foreach (var transport in sandbox is null ? new[] { K2hdkcTransport.Managed, K2hdkcTransport.Native } : [K2hdkcTransport.Managed])
        {
            try
            {
                var options = new K2hdkcClientOptions { ConfigurationPath = configuration, Transport = transport };
                var client = await K2hdkcClientFactory.ConnectAsync(options, cancellationToken);
                await using (client) results.Add(await MeasureAsync(transport.ToString(), client, count, many, cancellationToken));
            }
            catch (Errors.DbaasException fault)
            {
                Console.WriteLine($"{transport} left out: {fault.Message}");
            }
        }

        if (sandbox is null && await LineTool.MeasureAsync(configuration, count, cancellationToken) is { } tool) results.Add(tool);
        Print(results);
        return 0;
    }

    private static async Task<Result> MeasureAsync(string name, IK2hdkcClient client, int count, int many,
        CancellationToken cancellationToken)
    {
        var keys = Enumerable.Range(0, Math.Max(count, many)).Select(i => StoredText.Encode($"bench:{i}")).ToArray();
        var value = StoredText.Encode("0123456789");
        for (var i = 0; i < Math.Min(300, count); i++)
        {
            await client.SetAsync(keys[i], value, null, cancellationToken);
            await client.GetAsync(keys[i], null, cancellationToken);
        }

        var sets = await Latency.TimeAsync(count, i => client.SetAsync(keys[i], value, null, cancellationToken));
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var gets = await Latency.TimeAsync(count, i => client.GetAsync(keys[i], null, cancellationToken));
        var allocated = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)count;

        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(Enumerable.Range(0, many),
            new ParallelOptions { MaxDegreeOfParallelism = 256, CancellationToken = cancellationToken },
            async (i, token) => await client.SetAsync(keys[i], value, null, token));
        var perSecond = many / watch.Elapsed.TotalSeconds;
        var lost = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, many),
            new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = cancellationToken }, async (i, token) =>
        {
            var reading = await client.GetAsync(keys[i], null, token);
            if (!reading.Value.Span.SequenceEqual(value)) Interlocked.Increment(ref lost);
        });
        return new Result(name, gets, sets) { ManyPerSecond = perSecond, Lost = lost, AllocatedPerGet = allocated };
    }

    private static void Print(List<Result> results)
    {
        Console.WriteLine("way              get p50 us  p99 us  gets/s | set p50 us  p99 us  sets/s | many sets/s   lost  bytes/get");
        foreach (var r in results)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{r.Name,-16} {r.Gets.P50,10:0} {r.Gets.P99,7:0} {r.Gets.PerSecond,7:0} | {r.Sets.P50,10:0} {r.Sets.P99,7:0} "
                    + $"{r.Sets.PerSecond,7:0} | {r.ManyPerSecond,11:0} {r.Lost,6} {r.AllocatedPerGet,10:0}"));
        }

        if (results.Find(r => r.Name == nameof(K2hdkcTransport.Native)) is not { } native) return;
        foreach (var r in results.Where(r => r != native))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{r.Name} to native: get p50 {r.Gets.P50 / native.Gets.P50:0.00}, set p50 {r.Sets.P50 / native.Sets.P50:0.00}, many sets "
                    + $"a second to native sets in sequence {r.ManyPerSecond / native.Sets.PerSecond:0.0}"));
        }
    }
}

/// <summary>What one way did.</summary>
internal sealed record Result(string Name, Latency Gets, Latency Sets)
{
    public double ManyPerSecond { get; init; }

    public int Lost { get; init; }

    public double AllocatedPerGet { get; init; }
}
