using System.Text;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Ring;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Sandbox;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>Pods that go in the middle of a flow, as in a drain of their host, or with the host itself.</summary>
public class EvictionTests : SandboxedTest
{
    private protected override SandboxOptions Options => new() { Speed = 10, RingMerge = K2hdkcDbaas.Sandbox.Nodes.MergeBehavior.Released };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Task<IDbaasSession> KubernetesAsync() => ConnectAsync(new SessionOptions
    {
        Backend = "Kubernetes",
        Settings = new Dictionary<string, object?> { ["Kubeconfig"] = Sandbox.KubeconfigFile },
        K2hr3Uri = Sandbox.K2hr3Url.ToString(),
        K2hr3UserName = "demo",
        K2hr3Password = Sandbox.Password,
    });

    [Fact]
    public async Task A_pod_lost_while_a_cluster_is_made_is_waited_for_and_leaves_no_line()
    {
        await using var session = await KubernetesAsync();
        var observer = new Trigger("0 of 3 pods run", () => LoseAsync("svrpod-web-0"));
        var made = await session.Clusters.CreateClusterAsync(new NewCluster("web") { ServerCount = 3 },
            Waiting with { Observer = observer }, Ct);
        await observer.Done;
        Assert.Equal((3, ClusterStatus.Ready), (made.Nodes.Count, made.Status));
        Assert.All(made.Nodes, n => Assert.Equal(("Running", true), (n.Status, n.Registered)));
        await session.Clusters.RemoveClusterAsync("web", Waiting, Ct);
        await NothingIsLeftAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_member_lost_while_the_ring_grows_or_shrinks_is_told_or_waited_for_and_no_key_is_lost(bool isAdding)
    {
        await using var session = await KubernetesAsync();
        var backend = session.Clusters;
        await backend.CreateClusterAsync(new NewCluster("web") { ServerCount = isAdding ? 2 : 3 }, Waiting, Ct);
        await WriteAsync(session, backend);
        var observer = new Trigger(isAdding ? "0 of 1 pods run" : "svrpod-web-2",
            // While a pod is not ready, the disruption budget allows no eviction.
            () => isAdding ? LoseAsync("svrpod-web-0") : EvictAsync("svrpod-web-0"));
        var options = Waiting with { Observer = observer };
        Task ChangeAsync(FlowOptions how) => isAdding
            ? RingGrowth.AddAsync(session, backend, new NewNodes("web", NodeRole.Server, new NodeTemplate()), how, Ct)
            : backend.RemoveNodeAsync("web", NodeRole.Server, "svrpod-web-2", how, Ct);
        try
        {
            await ChangeAsync(options);
        }
        catch (DbaasException e)
        {
            Assert.NotNull(e.NextStep);
            TestContext.Current.SendDiagnosticMessage(e.Message);
        }

        await observer.Done;
        await SettledAsync(backend);
        // The same once more finishes what an error has left.
        var wanted = isAdding ? 3 : 2;
        while (await CountAsync(backend) != wanted)
        {
            await ChangeAsync(Waiting);
            await SettledAsync(backend);
        }

        await ReadAsync(session, backend);
        await backend.RemoveClusterAsync("web", Waiting, Ct);
        await NothingIsLeftAsync();
    }

    private static async Task<int> CountAsync(IClusterBackend backend) =>
        await backend.GetNodesAsync("web", NodeRole.Server, null, Ct).CountAsync(n => n.Id is not null, Ct);

    private static async Task SettledAsync(IClusterBackend backend)
    {
        while (!await backend.GetNodesAsync("web", null, null, Ct).Where(n => n.Id is not null)
            .AllAsync(n => n is { Registered: true, Status: "Running" }, Ct)) await Task.Delay(50, Ct);
    }

    private async Task WriteAsync(IDbaasSession session, IClusterBackend backend)
    {
        await using var data = await DataConnection.OpenAsync(new ClusterRing(session, backend, "web"),
            new DataConnectionOptions { Register = true }, Observer, Ct);
        for (var i = 0; i < 100; i++) await data.Client.SetAsync(Key(i), Encoding.UTF8.GetBytes($"value {i}"), null, Ct);
    }

    private async Task ReadAsync(IDbaasSession session, IClusterBackend backend)
    {
        await using var data = await DataConnection.OpenAsync(new ClusterRing(session, backend, "web"),
            new DataConnectionOptions { Register = true }, Observer, Ct);
        for (var i = 0; i < 100; i++)
            Assert.Equal($"value {i}", Encoding.UTF8.GetString((await data.Client.GetAsync(Key(i), null, Ct)).Value.Span));
    }

    private static byte[] Key(int number) => Encoding.UTF8.GetBytes($"key:{number}");

    // Its preStop hook runs.
    private async Task EvictAsync(string pod)
    {
        using var http = await OperatorAsync();
        using var body = new StringContent(
            $$$"""{"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "{{{pod}}}", "namespace": "demo"}}""", Encoding.UTF8,
            "application/json");
        using var answer = await http.PostAsync(new Uri($"/api/v1/namespaces/demo/pods/{pod}/eviction", UriKind.Relative), body, Ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
    }

    // It goes without a word, as with its host.
    private async Task LoseAsync(string pod)
    {
        using var http = await OperatorAsync();
        var path = $"/api/v1/namespaces/demo/pods/{pod}";
        // Not before it runs: then it is registered.
        while (true)
        {
            using var found = await http.GetAsync(new Uri(path, UriKind.Relative), Ct);
            if ((await found.Content.ReadAsStringAsync(Ct)).Replace(" ", "", StringComparison.Ordinal)
                .Contains("\"phase\":\"Running\"", StringComparison.Ordinal)) break;
            await Task.Delay(20, Ct);
        }

        using var answer = await http.DeleteAsync(new Uri(path + "?gracePeriodSeconds=0", UriKind.Relative), Ct);
        Assert.True(answer.IsSuccessStatusCode);
    }

    // Does something once, when a flow tells of something.
    private sealed class Trigger(string text, Func<Task> action) : IFlowObserver
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _told;

        public Task Done => _done.Task.WaitAsync(TimeSpan.FromMinutes(1), Ct);

        public void Progress(FlowProgress progress)
        {
            if (!progress.ToString().Contains(text, StringComparison.Ordinal) || Interlocked.Exchange(ref _told, 1) != 0) return;
            try
            {
                action().GetAwaiter().GetResult();
                _done.SetResult();
            }
            catch (Exception e)
            {
                _done.SetException(e);
            }
        }

        public void Verbose(string message)
        {
        }

        public void Warning(string message)
        {
        }
    }
}
