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
    private const int Turns = 5;

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

        // In turns, the first of which only warms up: so none of the policies has the quieter machine.
        ReadPolicy[] policies = [ReadPolicy.FirstHolder, ReadPolicy.WhileChanging, ReadPolicy.AllMembers];
        var times = policies.ToDictionary(p => p, _ => (There: new List<double>(), Missing: new List<double>()));
        for (var turn = 0; turn <= Turns; turn++)
        {
            foreach (var policy in policies)
            {
                var options = new GetOptions { ReadPolicy = policy };
                var ofThere = (await Latency.TimeAsync(count, i => client.GetAsync(there[i], options, cancellationToken))).P50;
                var ofMissing = (await Latency.TimeAsync(count, i => client.GetAsync(missing[i], options, cancellationToken))).P50;
                if (turn == 0) continue;
                times[policy].There.Add(ofThere);
                times[policy].Missing.Add(ofMissing);
            }
        }

        static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
        var (first, firstMissing) = (Median(times[policies[0]].There), Median(times[policies[0]].Missing));
        Console.WriteLine("policy         there p50 us  ratio | missing p50 us  ratio");
        foreach (var policy in policies)
        {
            var (ofThere, ofMissing) = (Median(times[policy].There), Median(times[policy].Missing));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{policy,-14} {ofThere,12:0} {ofThere / first,6:0.00} | {ofMissing,14:0} {ofMissing / firstMissing,6:0.00}"));
        }

        return 0;
    }
}
