using System.Diagnostics;
using System.Globalization;
using K2hdkcDbaas.Client;

namespace K2hdkcDbaas.Benchmarks;

/// <summary>The bare client's side of pipeline.ps1: writes keys with as many calls in flight as Set-K2hdkcKey keeps.</summary>
internal static class ManyWrites
{
    // The default of -ThrottleLimit.
    private const int InFlight = 256;

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        if (args is not [var configuration, var number]
            || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            await Console.Error.WriteLineAsync("usage: many SLAVE_CONFIGURATION COUNT");
            return 2;
        }

        var client = await K2hdkcClientFactory.ConnectAsync(
            new K2hdkcClientOptions { ConfigurationPath = configuration, Transport = K2hdkcTransport.Managed }, cancellationToken);
        await using (client)
        {
            // The first round warms up, as the script's first round does.
            for (var round = 0; round < 2; round++)
            {
                var watch = Stopwatch.StartNew();
                await Parallel.ForEachAsync(Enumerable.Range(0, count),
                    new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = cancellationToken },
                    async (i, token) =>
                        await client.SetAsync(StoredText.Encode(string.Create(CultureInfo.InvariantCulture, $"pipe:{i}")),
                            StoredText.Encode(string.Create(CultureInfo.InvariantCulture, $"value {i}")), null, token));
                if (round == 1) Console.WriteLine(watch.Elapsed.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture));
            }
        }

        return 0;
    }
}
