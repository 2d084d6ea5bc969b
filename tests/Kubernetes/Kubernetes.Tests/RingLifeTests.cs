using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Ring;
using K2hdkcDbaas.Core.Sessions;

namespace K2hdkcDbaas.KubernetesLife.Tests;

/// <summary>
/// A ring of the real chmpx and k2hdkc in pods that run our scripts, reached through the API server's port-forward alone.
/// K2HDKCDBAAS_TEST_RING_KEYS says how many keys it holds; 300 when not set.
/// </summary>
public sealed class RingLifeTests : LifeTest
{
    private static FlowOptions Patient { get; } =
        new() { Wait = true, Timeout = TimeSpan.FromMinutes(20), Observer = new TestOutput() };

    private protected override bool Runs => true;

    private static int Keys => Variable("RING_KEYS") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : 300;

    [Fact]
    public async Task All_keys_are_there_after_pods_came_and_went()
    {
        if (Variable("RINGS") != "1")
        {
            Assert.Skip("no real ring can run in this Kubernetes' pods (K2HDKCDBAAS_TEST_RINGS)");
            return;
        }
        await using var session = await ConnectAsync(access: "PortForward");
        var backend = session.Clusters;
        await backend.CreateClusterAsync(new NewCluster("web") { ServerCount = 2, SlaveCount = 1 }, Patient, Ct);
        await using (var data = await OpenAsync(session))
        {
            await EachKeyAsync(i => data.Client.SetAsync(Key(i), Value(i), null, Ct));
        }

        await AllAreThereAsync(session);
        await RingGrowth.AddAsync(session, backend, new NewNodes("web", NodeRole.Server, new NodeTemplate()) { Count = 2 }, Patient, Ct);
        await AllAreThereAsync(session);
        await backend.RemoveNodesAsync("web", NodeRole.Server, ["svrpod-web-2", "svrpod-web-3"], Patient, Ct);
        await AllAreThereAsync(session);
        await backend.RemoveClusterAsync("web", Patient, Ct);
        Assert.Empty(await backend.GetClustersAsync("*", Ct).ToListAsync(Ct));
    }

    private static byte[] Key(int number) => Encoding.UTF8.GetBytes($"key:{number * 7919 % 1_000_003}:{number}");

    private static byte[] Value(int number) => Encoding.UTF8.GetBytes($"value {number}");

    private static async Task<DataConnection> OpenAsync(IDbaasSession session) => await DataConnection.OpenAsync(
        new ClusterRing(session, session.Clusters, "web"), new DataConnectionOptions { Register = true }, Patient.Observer, Ct);

    private static async Task AllAreThereAsync(IDbaasSession session)
    {
        await using var data = await OpenAsync(session);
        var wrong = new ConcurrentBag<int>();
        await EachKeyAsync(async i =>
        {
            var answer = await data.Client.GetAsync(Key(i), null, Ct);
            if (!answer.Value.Span.SequenceEqual(Value(i))) wrong.Add(i);
        });
        Assert.Equal([], wrong);
    }

    // A few at a time, so that each server always has one to do.
    private static Task EachKeyAsync(Func<int, Task> act) => Parallel.ForEachAsync(Enumerable.Range(0, Keys),
        new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Ct }, async (i, _) => await act(i));
}
