using System.Globalization;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Model;

namespace K2hdkcDbaas.Benchmarks;

/// <summary>
/// What the read policies cost, side by side in one run: gets of keys that are there, and of keys that nobody has. Policies differ only
/// where the first holder has no copy.
/// </summary>
internal static class ReadPolicies
{
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        if (args.Length > 2)
        {
            await Console.Error.WriteLineAsync("usage: policies [SLAVE_CONFIGURATION [COUNT=2000]]");
            return 2;
        }

        using var sandbox = args.Length == 0 ? await SandboxRingProcess.StartAsync(cancellationToken) : null;
        var count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 2000;
        var client = await K2hdkcClientFactory.ConnectAsync(
            new K2hdkcClientOptions { ConfigurationPath = sandbox?.ConfigurationPath ?? args[0], Transport = K2hdkcTransport.Managed },
            cancellationToken);
        await using var _ = client;
        var there = Enumerable.Range(0, count).Select(i => StoredText.Encode($"bench:{i}")).ToArray();
        var missing = Enumerable.Range(0, count).Select(i => StoredText.Encode($"bench-missing:{i}")).ToArray();
        foreach (var key in there) await client.SetAsync(key, StoredText.Encode("0123456789"), null, cancellationToken);

        Console.WriteLine("policy         there p50 us  ratio | missing p50 us  ratio");
        var (firstThere, firstMissing) = (0d, 0d);
        foreach (var policy in new[] { ReadPolicy.FirstHolder, ReadPolicy.WhileChanging, ReadPolicy.AllMembers })
        {
            var options = new GetOptions { ReadPolicy = policy };
            async Task<double> MedianAsync(byte[][] keys)
            {
                // Once to warm up.
                await Latency.TimeAsync(Math.Min(200, count), i => client.GetAsync(keys[i], options, cancellationToken));
                return (await Latency.TimeAsync(count, i => client.GetAsync(keys[i], options, cancellationToken))).P50;
            }

            var (ofThere, ofMissing) = (await MedianAsync(there), await MedianAsync(missing));
            if (policy == ReadPolicy.FirstHolder) (firstThere, firstMissing) = (ofThere, ofMissing);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{policy,-14} {ofThere,12:0} {ofThere / firstThere,6:0.00} | {ofMissing,14:0} {ofMissing / firstMissing,6:0.00}"));
        }

        return 0;
    }
}
